package platform

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// JSONType is the type of a member inside a JSON body.
type JSONType string

// The types, as failures name them.
const (
	JSONString  JSONType = "string"
	JSONNumber  JSONType = "number"
	jsonBoolean JSONType = "boolean"
	jsonOther   JSONType = "array or object"
)

// JSONTypeOf reads the type of a JSON value off its first character.
func JSONTypeOf(raw []byte) JSONType {
	if len(raw) == 0 {
		return jsonOther
	}
	switch c := raw[0]; {
	case c == '"':
		return JSONString
	case c == 't' || c == 'f':
		return jsonBoolean
	case c == '-' || c >= '0' && c <= '9':
		return JSONNumber
	}
	return jsonOther
}

// Kind is a type of parameter: how its text is read, and how it looks inside
// a JSON body. The constructors below are the whole set.
type Kind struct {
	JSON         JSONType
	EmptyAllowed bool // an optional parameter of this kind may be empty
	Parse        func(text string) (any, *Problem)
}

// Malformed is the problem of a value that does not parse.
func Malformed(detail string) *Problem { return &Problem{Reason: IsMalformed, Detail: detail} }

// Text is any UTF-8 text; it parses to string.
func Text() Kind {
	return Kind{JSON: JSONString, EmptyAllowed: true, Parse: func(s string) (any, *Problem) { return s, nil }}
}

// TextLike is text that matches an expression; it parses to string.
func TextLike(expression *regexp.Regexp, detail string) Kind {
	return Kind{JSON: JSONString, Parse: func(s string) (any, *Problem) {
		if !expression.MatchString(s) {
			return nil, Malformed(detail)
		}
		return s, nil
	}}
}

// Enum is one of the given words, case and all; it parses to string.
func Enum(words ...string) Kind {
	return Kind{JSON: JSONString, Parse: func(s string) (any, *Problem) {
		if !slices.Contains(words, s) {
			return nil, Malformed("one of " + strings.Join(words, ", "))
		}
		return s, nil
	}}
}

// Boolean is true or false; it parses to bool.
func Boolean() Kind {
	return Kind{JSON: jsonBoolean, Parse: func(s string) (any, *Problem) {
		if s != "true" && s != "false" {
			return nil, Malformed("true or false")
		}
		return s == "true", nil
	}}
}

// Integer is a whole number from low to high in plain decimal digits; it
// parses to int64.
func Integer(low, high int64) Kind {
	return Kind{JSON: JSONNumber, Parse: func(s string) (any, *Problem) {
		n, err := strconv.ParseInt(s, 10, 64)
		switch {
		case err != nil || strconv.FormatInt(n, 10) != s:
			return nil, Malformed("a whole number")
		case n < low:
			return nil, &Problem{Reason: isTooSmall, Bound: strconv.FormatInt(low, 10)}
		case n > high:
			return nil, &Problem{Reason: isTooLarge, Bound: strconv.FormatInt(high, 10)}
		}
		return n, nil
	}}
}

var decimalForm = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// Decimal is a number with an optional fraction from low to high, without
// exponent; it parses to float64.
func Decimal(low, high float64) Kind {
	return Kind{JSON: JSONNumber, Parse: func(s string) (any, *Problem) {
		n, err := strconv.ParseFloat(s, 64)
		switch {
		case err != nil || !decimalForm.MatchString(s):
			return nil, Malformed("a decimal number")
		case n < low:
			return nil, &Problem{Reason: isTooSmall, Bound: strconv.FormatFloat(low, 'f', -1, 64)}
		case n > high:
			return nil, &Problem{Reason: isTooLarge, Bound: strconv.FormatFloat(high, 'f', -1, 64)}
		}
		return n, nil
	}}
}

// list splits text with cut; it parses to []string without empty entries.
func list(cut func(string) []string, detail string) Kind {
	return Kind{JSON: JSONString, Parse: func(s string) (any, *Problem) {
		words := cut(s)
		if len(words) == 0 || slices.Contains(words, "") {
			return nil, Malformed(detail)
		}
		return words, nil
	}}
}

// CommaList is words separated by commas; it parses to []string.
func CommaList() Kind {
	return list(func(s string) []string { return strings.Split(s, ",") }, "words separated by commas")
}

// WordList is words separated by commas or spaces, as scope and prompt of
// /oauth/authorize: the documentation uses commas, Kakao's SDKs use spaces.
func WordList() Kind {
	return list(func(s string) []string {
		return strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ' ' })
	}, "words separated by commas or spaces")
}

// JSONList is a JSON array of 1 to most elements inside one field, each read
// by element.
func JSONList[T any](most int, what string, element func(raw json.RawMessage) (T, bool)) Kind {
	return Kind{JSON: jsonOther, Parse: func(s string) (any, *Problem) {
		var raws []json.RawMessage
		if !strings.HasPrefix(s, "[") || json.Unmarshal([]byte(s), &raws) != nil {
			return nil, Malformed("a JSON array of " + what)
		}
		if len(raws) == 0 {
			return nil, &Problem{Reason: isEmpty}
		}
		if len(raws) > most {
			return nil, &Problem{Reason: isTooLarge, Bound: strconv.Itoa(most), Detail: "elements"}
		}
		values := make([]T, len(raws))
		for i, raw := range raws {
			v, ok := element(raw)
			if !ok {
				return nil, Malformed("a JSON array of " + what)
			}
			values[i] = v
		}
		return values, nil
	}}
}

// JSONStrings is a JSON array of 1 to most strings; it parses to []string.
func JSONStrings(most int) Kind { return JSONList(most, "strings", JSONText) }

// JSONInt64s is a JSON array of 1 to most whole numbers; it parses to []int64.
func JSONInt64s(most int) Kind {
	return JSONList(most, "whole numbers", func(raw json.RawMessage) (int64, bool) {
		n, err := strconv.ParseInt(string(raw), 10, 64)
		return n, err == nil
	})
}

// JSONTexts is a JSON object of strings; it parses to map[string]string.
func JSONTexts() Kind {
	return Kind{JSON: jsonOther, Parse: func(s string) (any, *Problem) {
		var raws map[string]json.RawMessage
		if json.Unmarshal([]byte(s), &raws) != nil || raws == nil {
			return nil, Malformed("a JSON object of strings")
		}
		texts := make(map[string]string, len(raws))
		for name, raw := range raws {
			v, ok := JSONText(raw)
			if !ok {
				return nil, Malformed("a JSON object of strings")
			}
			texts[name] = v
		}
		return texts, nil
	}}
}

// JSONText reads one JSON string; null and other types are refused.
func JSONText(raw json.RawMessage) (string, bool) {
	var s string
	if JSONTypeOf(raw) != JSONString || json.Unmarshal(raw, &s) != nil {
		return "", false
	}
	return s, true
}

// JSONValue is any JSON object or array, for structures that the handler reads
// itself; it parses to json.RawMessage.
func JSONValue() Kind {
	return Kind{JSON: jsonOther, Parse: func(s string) (any, *Problem) {
		if !json.Valid([]byte(s)) || !strings.ContainsAny(strings.TrimSpace(s)[:1], "{[") {
			return nil, Malformed("a JSON object or array")
		}
		return json.RawMessage(s), nil
	}}
}

// AnyOf is words of an enum with commas between them, or none; it parses to
// []string.
func AnyOf(word Kind) Kind {
	return Kind{JSON: JSONString, EmptyAllowed: true, Parse: func(s string) (any, *Problem) {
		if s == "" {
			return []string(nil), nil
		}
		words := strings.Split(s, ",")
		for _, w := range words {
			if _, p := word.Parse(w); p != nil {
				return nil, p
			}
		}
		return words, nil
	}}
}

// Phrase is text that is more than spaces; it parses to string.
func Phrase() Kind {
	return Kind{JSON: JSONString, Parse: func(s string) (any, *Problem) {
		if strings.TrimSpace(s) == "" {
			return nil, &Problem{Reason: isEmpty}
		}
		return s, nil
	}}
}
