package kakao

import (
	"encoding/base64"
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-faster/jx"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// errNoValue says that the JSON value stands for nothing: Kakao writes "" for a
// distance or a coordinate that is not there.
var errNoValue = errors.New("no value")

// scalarReaders are tolerant where Kakao is sloppy: a number may come as text
// and a text as a number. Enums are missing on purpose: Kakao may add values.
var scalarReaders = map[protoreflect.Kind]func(*decoder, reflect.Value) error{
	protoreflect.StringKind: readString,
	protoreflect.BoolKind:   readBool,
	protoreflect.Int32Kind:  readInt,
	protoreflect.Int64Kind:  readInt,
	protoreflect.FloatKind:  readFloat,
	protoreflect.DoubleKind: readFloat,
	protoreflect.BytesKind:  readBytes,
}

// validText copies a text and mends what is not UTF-8: a proto string that is
// not cannot be sent on.
func validText(text []byte) string {
	if utf8.Valid(text) {
		return string(text)
	}
	return strings.ToValidUTF8(string(text), "\uFFFD")
}

func readString(d *decoder, target reflect.Value) error {
	switch kind := d.Next(); kind {
	case jx.String:
		text, err := d.StrBytes()
		if err != nil {
			return err
		}
		target.SetString(validText(text))
		return nil
	case jx.Number:
		number, err := d.Num()
		if err != nil {
			return err
		}
		target.SetString(string(number))
		return nil
	case jx.Bool:
		value, err := d.Bool()
		target.SetString(strconv.FormatBool(value))
		return err
	default:
		return mismatch("should be text and is %s", article(kind))
	}
}

func readBool(d *decoder, target reflect.Value) error {
	if d.Next() == jx.Bool {
		value, err := d.Bool()
		target.SetBool(value)
		return err
	}
	text, err := numberText(d, "true or false")
	if err != nil {
		return err
	}
	value, err := strconv.ParseBool(string(text))
	if err != nil {
		return mismatch("should be true or false and is another text")
	}
	target.SetBool(value)
	return nil
}

// numberText returns a number, or a text that should be one; it is good until
// the next read. It stays bytes so that the conversions of strconv's callers
// need no memory.
func numberText(d *decoder, want string) ([]byte, error) {
	switch kind := d.Next(); kind {
	case jx.Number:
		number, err := d.Num()
		return number, err
	case jx.String:
		text, err := d.StrBytes()
		if err == nil && len(text) == 0 {
			return nil, errNoValue
		}
		return text, err
	default:
		return nil, mismatch("should be %s and is %s", want, article(kind))
	}
}

func readInt(d *decoder, target reflect.Value) error {
	text, err := numberText(d, "a whole number")
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(string(text), 10, target.Type().Bits())
	if err != nil {
		if number, err = wholeFloat(string(text)); err != nil || target.OverflowInt(number) {
			return mismatch("should be a whole number of %d bits and is not", target.Type().Bits())
		}
	}
	target.SetInt(number)
	return nil
}

// wholeFloat reads 12.0 or 1e3, only where a float holds the number exactly.
func wholeFloat(text string) (int64, error) {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, err
	}
	if number != math.Trunc(number) || math.Abs(number) > 1<<53 {
		return 0, strconv.ErrSyntax
	}
	return int64(number), nil
}

func readFloat(d *decoder, target reflect.Value) error {
	text, err := numberText(d, "a number")
	if err != nil {
		return err
	}
	number, err := strconv.ParseFloat(string(text), target.Type().Bits())
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
		return mismatch("should be a finite number and is not")
	}
	target.SetFloat(number)
	return nil
}

func readBytes(d *decoder, target reflect.Value) error {
	if kind := d.Next(); kind != jx.String {
		return mismatch("should be base64 text and is %s", article(kind))
	}
	text, err := d.StrBytes()
	if err != nil {
		return err
	}
	content, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil {
		return mismatch("should be base64 text and is not")
	}
	target.SetBytes(content)
	return nil
}

// timeLayouts: the documented form first, then forms without a colon in the
// zone or without a zone (taken as UTC).
// https://developers.kakao.com/docs/latest/en/rest-api/getting-started
var timeLayouts = []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05"}

// readTimestamp takes RFC 3339 text, or seconds since 1970 as number or text.
func readTimestamp(d *decoder, target reflect.Value) error {
	written, err := numberText(d, "a time")
	if err != nil {
		return err
	}
	text := string(written)
	var point time.Time
	if seconds, numeric := strconv.ParseInt(text, 10, 64); numeric == nil {
		point = time.Unix(seconds, 0)
	} else {
		for _, layout := range timeLayouts {
			if point, err = time.Parse(layout, text); err == nil {
				break
			}
		}
		if err != nil {
			return mismatch("should be a time (RFC 3339 or seconds since 1970) and is not")
		}
	}
	timestamp := timestamppb.New(point)
	if timestamp.CheckValid() != nil {
		return mismatch("should be a time between the years 1 and 9999 and is not")
	}
	target.Set(reflect.ValueOf(timestamp))
	return nil
}
