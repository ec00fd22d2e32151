package errorsx

import (
	"encoding/json"
	"maps"
	"math"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// kakaoError is what is known before Kakao answers.
func (c Call) kakaoError() *errorv1.KakaoError {
	return &errorv1.KakaoError{
		Host:     cut(printable(c.Host), maxName),
		Endpoint: cut(printable(c.Endpoint), 2*maxName),
		App:      cut(printable(c.App), maxName),
	}
}

// answered is what is known after.
func answered(c Call, r Response, b body, clean scrubber) *errorv1.KakaoError {
	k := c.kakaoError()
	k.HttpStatus = int32(min(max(r.HTTPStatus, 0), 999)) // #nosec G115 -- bounded
	k.KakaoCode = clean.text(b.code, maxName)
	k.Message = clean.text(b.message, maxMessage)
	k.ApiType = clean.text(b.apiType, maxName)
	k.RequiredScopes = clean.names(b.required)
	k.AllowedScopes = clean.names(b.allowed)
	k.DetailCode = clean.text(b.detail, maxName)
	k.DetailMessage = clean.text(b.detailText, maxMessage)
	k.RequestId = clean.text(r.RequestID, maxName)
	k.FailedReceivers = clean.failed(b.failures)
	if b.oauthError != b.code {
		k.OauthError = clean.text(b.oauthError, maxName)
	}
	if b.code != "" {
		k.Other = clean.members(b.other)
	}
	return k
}

func (s scrubber) names(list []string) []string {
	size := 0
	var names []string
	for _, entry := range list {
		name := s.text(entry, maxName)
		if size += len(name); len(names) == maxEntries || size > maxMessage {
			break
		}
		names = append(names, name)
	}
	return names
}

// members keeps what the body has besides the known members, up to 16 members
// and 1 KiB, without secrets. Kakao may add a member that matters any day.
func (s scrubber) members(other map[string]any) *structpb.Struct {
	const maxMembers, maxSize = 16, 1 << 10
	kept := &structpb.Struct{Fields: map[string]*structpb.Value{}}
	for _, name := range sorted(other)[:min(len(other), maxMembers)] {
		key := s.text(name, maxName)
		kept.Fields[key] = s.value(other[name], 4)
		if proto.Size(kept) > maxSize {
			delete(kept.Fields, key)
		}
	}
	if len(kept.Fields) == 0 {
		return nil
	}
	return kept
}

func sorted(members map[string]any) []string {
	return slices.Sorted(maps.Keys(members))
}

// value is any JSON value without secrets. Numbers that a float would change
// become text.
func (s scrubber) value(value any, depth int) *structpb.Value {
	switch v := value.(type) {
	case bool:
		return structpb.NewBoolValue(v)
	case string:
		return structpb.NewStringValue(s.text(v, maxMessage/2))
	case json.Number:
		text := s.text(v.String(), maxName)
		if f, err := v.Float64(); err == nil && math.Abs(f) < 1<<53 && text == v.String() {
			return structpb.NewNumberValue(f)
		}
		return structpb.NewStringValue(text)
	case []any:
		list := &structpb.ListValue{}
		for _, element := range v[:min(len(v), maxEntries)] {
			if depth > 0 {
				list.Values = append(list.Values, s.value(element, depth-1))
			}
		}
		return structpb.NewListValue(list)
	case map[string]any:
		object := &structpb.Struct{Fields: map[string]*structpb.Value{}}
		for _, name := range sorted(v)[:min(len(v), maxEntries)] {
			if depth > 0 {
				object.Fields[s.text(name, maxName)] = s.value(v[name], depth-1)
			}
		}
		return structpb.NewStructValue(object)
	}
	return structpb.NewNullValue()
}
