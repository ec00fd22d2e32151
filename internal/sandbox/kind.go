package sandbox

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const maxInt64 = math.MaxInt64

// jsonType is the type of a member inside a JSON body.
type jsonType string

const (
	jsonString  jsonType = "string"
	jsonNumber  jsonType = "number"
	jsonBoolean jsonType = "boolean"
	jsonOther   jsonType = "array or object"
)

// jsonTypeOf reads the type of a JSON value off its first character.
func jsonTypeOf(raw []byte) jsonType {
	if len(raw) == 0 {
		return jsonOther
	}
	switch c := raw[0]; {
	case c == '"':
		return jsonString
	case c == 't' || c == 'f':
		return jsonBoolean
	case c == '-' || c >= '0' && c <= '9':
		return jsonNumber
	}
	return jsonOther
}

// kind is a type of parameter: how its text is read, and how it looks inside
// a JSON body. The constructors below are the whole set.
type kind struct {
	json         jsonType
	emptyAllowed bool // an optional parameter of this kind may be empty
	parse        func(text string) (any, *problem)
}

// malformed is the problem of a value that does not parse.
func malformed(detail string) *problem { return &problem{reason: isMalformed, detail: detail} }

// text is any UTF-8 text; it parses to string.
func text() kind {
	return kind{json: jsonString, emptyAllowed: true, parse: func(s string) (any, *problem) { return s, nil }}
}

// textLike is text that matches an expression; it parses to string.
func textLike(expression *regexp.Regexp, detail string) kind {
	return kind{json: jsonString, parse: func(s string) (any, *problem) {
		if !expression.MatchString(s) {
			return nil, malformed(detail)
		}
		return s, nil
	}}
}

// enum is one of the given words, case and all; it parses to string.
func enum(words ...string) kind {
	return kind{json: jsonString, parse: func(s string) (any, *problem) {
		if !slices.Contains(words, s) {
			return nil, malformed("one of " + strings.Join(words, ", "))
		}
		return s, nil
	}}
}

// boolean is true or false; it parses to bool.
func boolean() kind {
	return kind{json: jsonBoolean, parse: func(s string) (any, *problem) {
		if s != "true" && s != "false" {
			return nil, malformed("true or false")
		}
		return s == "true", nil
	}}
}

// integer is a whole number from low to high in plain decimal digits; it
// parses to int64.
func integer(low, high int64) kind {
	return kind{json: jsonNumber, parse: func(s string) (any, *problem) {
		n, err := strconv.ParseInt(s, 10, 64)
		switch {
		case err != nil || strconv.FormatInt(n, 10) != s:
			return nil, malformed("a whole number")
		case n < low:
			return nil, &problem{reason: isTooSmall, bound: strconv.FormatInt(low, 10)}
		case n > high:
			return nil, &problem{reason: isTooLarge, bound: strconv.FormatInt(high, 10)}
		}
		return n, nil
	}}
}

var decimalForm = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// decimal is a number with an optional fraction from low to high, without
// exponent; it parses to float64.
func decimal(low, high float64) kind {
	return kind{json: jsonNumber, parse: func(s string) (any, *problem) {
		n, err := strconv.ParseFloat(s, 64)
		switch {
		case err != nil || !decimalForm.MatchString(s):
			return nil, malformed("a decimal number")
		case n < low:
			return nil, &problem{reason: isTooSmall, bound: strconv.FormatFloat(low, 'f', -1, 64)}
		case n > high:
			return nil, &problem{reason: isTooLarge, bound: strconv.FormatFloat(high, 'f', -1, 64)}
		}
		return n, nil
	}}
}

// list splits text with cut; it parses to []string without empty entries.
func list(cut func(string) []string, detail string) kind {
	return kind{json: jsonString, parse: func(s string) (any, *problem) {
		words := cut(s)
		if len(words) == 0 || slices.Contains(words, "") {
			return nil, malformed(detail)
		}
		return words, nil
	}}
}

// commaList is words separated by commas; it parses to []string.
func commaList() kind {
	return list(func(s string) []string { return strings.Split(s, ",") }, "words separated by commas")
}

// wordList is words separated by commas or spaces, as scope and prompt of
// /oauth/authorize: the documentation uses commas, Kakao's SDKs use spaces.
func wordList() kind {
	return list(func(s string) []string {
		return strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ' ' })
	}, "words separated by commas or spaces")
}

// jsonList is a JSON array of 1 to most elements inside one field, each read
// by element.
func jsonList[T any](most int, what string, element func(raw json.RawMessage) (T, bool)) kind {
	return kind{json: jsonOther, parse: func(s string) (any, *problem) {
		var raws []json.RawMessage
		if !strings.HasPrefix(s, "[") || json.Unmarshal([]byte(s), &raws) != nil {
			return nil, malformed("a JSON array of " + what)
		}
		if len(raws) == 0 {
			return nil, &problem{reason: isEmpty}
		}
		if len(raws) > most {
			return nil, &problem{reason: isTooLarge, bound: strconv.Itoa(most), detail: "elements"}
		}
		values := make([]T, len(raws))
		for i, raw := range raws {
			v, ok := element(raw)
			if !ok {
				return nil, malformed("a JSON array of " + what)
			}
			values[i] = v
		}
		return values, nil
	}}
}

// jsonStrings is a JSON array of 1 to most strings; it parses to []string.
func jsonStrings(most int) kind { return jsonList(most, "strings", jsonText) }

// jsonInt64s is a JSON array of 1 to most whole numbers; it parses to []int64.
func jsonInt64s(most int) kind {
	return jsonList(most, "whole numbers", func(raw json.RawMessage) (int64, bool) {
		n, err := strconv.ParseInt(string(raw), 10, 64)
		return n, err == nil
	})
}

// jsonTexts is a JSON object of strings; it parses to map[string]string.
func jsonTexts() kind {
	return kind{json: jsonOther, parse: func(s string) (any, *problem) {
		var raws map[string]json.RawMessage
		if json.Unmarshal([]byte(s), &raws) != nil || raws == nil {
			return nil, malformed("a JSON object of strings")
		}
		texts := make(map[string]string, len(raws))
		for name, raw := range raws {
			v, ok := jsonText(raw)
			if !ok {
				return nil, malformed("a JSON object of strings")
			}
			texts[name] = v
		}
		return texts, nil
	}}
}

// jsonText reads one JSON string; null and other types are refused.
func jsonText(raw json.RawMessage) (string, bool) {
	var s string
	if jsonTypeOf(raw) != jsonString || json.Unmarshal(raw, &s) != nil {
		return "", false
	}
	return s, true
}

// jsonValue is any JSON object or array, for structures that the handler reads
// itself; it parses to json.RawMessage.
func jsonValue() kind {
	return kind{json: jsonOther, parse: func(s string) (any, *problem) {
		if !json.Valid([]byte(s)) || !strings.ContainsAny(strings.TrimSpace(s)[:1], "{[") {
			return nil, malformed("a JSON object or array")
		}
		return json.RawMessage(s), nil
	}}
}

// anyOf is words of an enum with commas between them, or none; it parses to
// []string.
func anyOf(word kind) kind {
	return kind{json: jsonString, emptyAllowed: true, parse: func(s string) (any, *problem) {
		if s == "" {
			return []string(nil), nil
		}
		words := strings.Split(s, ",")
		for _, w := range words {
			if _, p := word.parse(w); p != nil {
				return nil, p
			}
		}
		return words, nil
	}}
}
