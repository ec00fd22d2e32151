package karlo

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// textUpTo is text of at most so many characters; it parses to string.
func textUpTo(most int) platform.Kind {
	k := platform.Text()
	k.Parse = func(s string) (any, *platform.Problem) {
		if utf8.RuneCountInString(s) > most {
			return nil, platform.Malformed("it must have at most " + strconv.Itoa(most) + " characters")
		}
		return s, nil
	}
	return k
}

// numberOf is one of the given numbers; it parses to int64.
func numberOf(numbers ...int64) platform.Kind {
	return narrowed(platform.Integer(slices.Min(numbers), slices.Max(numbers)), "one of the documented numbers", func(n int64) bool {
		return slices.Contains(numbers, n)
	})
}

// pictureSide is the length of a side in pixels; it parses to int64.
func pictureSide() platform.Kind {
	return narrowed(platform.Integer(8, 1280), "a multiple of 8", func(n int64) bool { return n%8 == 0 })
}

// narrowed is a kind of integer with a further condition.
func narrowed(k platform.Kind, detail string, fits func(int64) bool) platform.Kind {
	parse := k.Parse
	k.Parse = func(s string) (any, *platform.Problem) {
		parsed, p := parse(s)
		if p == nil && !fits(parsed.(int64)) {
			return nil, platform.Malformed(detail)
		}
		return parsed, p
	}
	return k
}

// seedList is a JSON array of whole numbers of 32 bits, or null, which leaves the
// choice to Karlo; it parses to []int64.
func seedList() platform.Kind {
	k := platform.JSONInt64s(maxImages)
	parse := k.Parse
	k.Parse = func(s string) (any, *platform.Problem) {
		if s == "null" {
			return []int64(nil), nil
		}
		parsed, p := parse(s)
		if p != nil {
			return nil, p
		}
		if slices.ContainsFunc(parsed.([]int64), func(n int64) bool { return n < 0 || n > maxSeed }) {
			return nil, platform.Malformed("numbers from 0 to " + strconv.Itoa(maxSeed))
		}
		return parsed, nil
	}
	return k
}

// base64File is a file in standard base64, without a data: prefix; it parses to
// []byte.
func base64File() platform.Kind {
	return platform.Kind{JSON: platform.JSONString, Parse: func(s string) (any, *platform.Problem) {
		file, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return nil, platform.Malformed("a file in base64")
		}
		return file, nil
	}}
}

// base64Files is a JSON array of 1 to most such files; it parses to [][]byte.
func base64Files(most int) platform.Kind {
	return platform.JSONList(most, "files in base64", func(raw json.RawMessage) ([]byte, bool) {
		encoded, ok := platform.JSONText(raw)
		if !ok || encoded == "" {
			return nil, false
		}
		file, err := base64.StdEncoding.DecodeString(encoded)
		return file, err == nil
	})
}
