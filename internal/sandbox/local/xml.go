package local

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

const kakaoXML = "text/xml;charset=UTF-8"

// xmlReply writes a body of Kakao Local in its XML form: the members of the JSON
// body as elements inside <result>, a list as one element per entry.
func xmlReply(body any) *platform.Reply {
	encoded, err := json.Marshal(body)
	if err != nil {
		return platform.JSONReply(http.StatusInternalServerError, map[string]string{"error": "sandbox cannot encode its answer: " + err.Error()})
	}
	var out bytes.Buffer
	out.WriteString(xml.Header)
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	if err := writeElement(&out, decoder, "result"); err != nil {
		return platform.JSONReply(http.StatusInternalServerError, map[string]string{"error": "sandbox cannot encode its answer: " + err.Error()})
	}
	return platform.NewReply(http.StatusOK, kakaoXML, out.Bytes())
}

// writeElement turns the decoder's next value into elements of the given name. An
// empty text is an empty element. A null is left out: how Kakao writes one is not
// documented, and a reader must take both.
func writeElement(out *bytes.Buffer, decoder *json.Decoder, name string) error {
	token, err := decoder.Token()
	if err != nil {
		return err
	}
	switch v := token.(type) {
	case nil:
		return nil
	case json.Delim:
		return writeNested(out, decoder, name, v)
	case string:
		if v == "" {
			fmt.Fprintf(out, "<%s/>", name)
			return nil
		}
	}
	fmt.Fprintf(out, "<%s>", name)
	if err := xml.EscapeText(out, fmt.Append(nil, token)); err != nil {
		return err
	}
	fmt.Fprintf(out, "</%s>", name)
	return nil
}

// writeNested turns the object or list that the decoder has just opened into
// elements.
func writeNested(out *bytes.Buffer, decoder *json.Decoder, name string, open json.Delim) error {
	if open == '{' {
		fmt.Fprintf(out, "<%s>", name)
	}
	for decoder.More() {
		inner := name
		if open == '{' {
			key, err := decoder.Token()
			if err != nil {
				return err
			}
			inner = fmt.Sprint(key)
		}
		if err := writeElement(out, decoder, inner); err != nil {
			return err
		}
	}
	if open == '{' {
		fmt.Fprintf(out, "</%s>", name)
	}
	_, err := decoder.Token()
	return err
}
