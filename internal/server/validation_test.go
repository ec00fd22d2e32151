package server

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
	"github.com/kakaorpc/kakaorpc/internal/service"
)

// TestNoValueBreaksTheRules: whatever stands in a request, the rules of the
// contract take it or refuse it. A rule that cannot be worked out (a sum of dates
// that overflows, a text that is cut behind its end) would be a failure of ours.
func TestNoValueBreaksTheRules(t *testing.T) {
	validate, err := validation(service.Descriptors())
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any bits will do
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // not a secret
	accept := func(context.Context, any) (any, error) { return nil, nil }
	taken, refused := 0, 0
	for method := range methodsOf(service.Descriptors()) {
		for range 300 {
			request := newRequest(t, method)
			fillWithExtremes(request.ProtoReflect(), random, 0)
			_, err := validate(t.Context(), request, &grpc.UnaryServerInfo{}, accept)
			switch {
			case err == nil:
				taken++
			case errorsx.From(err).Reason() == errorv1.Reason_REASON_REQUEST_INVALID:
				refused++
			default:
				t.Fatalf("%s: %v\n%s", method.FullName(), err, prototext.Format(request))
			}
		}
	}
	t.Logf("%d requests taken, %d refused", taken, refused)
	if taken == 0 || refused == 0 {
		t.Error("the requests are all alike")
	}
}

// newRequest is a request of the generated type, as a server gets it.
func newRequest(t *testing.T, method protoreflect.MethodDescriptor) proto.Message {
	t.Helper()
	request, err := protoregistry.GlobalTypes.FindMessageByName(method.Input().FullName())
	if err != nil {
		t.Fatal(err)
	}
	return request.New().Interface()
}

// TestPatternsAreSaidInWords: a regular expression is no help to most callers.
func TestPatternsAreSaidInWords(t *testing.T) {
	seen := 0
	for method := range methodsOf(service.Descriptors()) {
		eachPattern(method.Input(), map[protoreflect.FullName]bool{}, func(field protoreflect.FieldDescriptor, pattern string) {
			seen++
			if patternWords[pattern] == "" {
				t.Errorf("%s: no words for %s", field.FullName(), pattern)
			}
		})
	}
	if seen == 0 {
		t.Error("no field has a pattern")
	}
}

func eachPattern(message protoreflect.MessageDescriptor, seen map[protoreflect.FullName]bool, visit func(protoreflect.FieldDescriptor, string)) {
	if seen[message.FullName()] {
		return
	}
	seen[message.FullName()] = true
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		if rules, _ := proto.GetExtension(field.Options(), validate.E_Field).(*validate.FieldRules); rules.GetString().GetPattern() != "" {
			visit(field, rules.GetString().GetPattern())
		}
		if field.Message() != nil {
			eachPattern(field.Message(), seen, visit)
		}
	}
}

var (
	extremeTexts = []string{
		"", "a", "0", "-1", "null", "99991231", "99990231", "10000101", "20260228", "00000000", "2359", "FREQ=DAILY;UNTIL=99991231T000000Z", "UNTIL=", "Asia/Seoul",
		"https://shop.example.com/a?b=c", "http://[", "가나다", "\u0000", "a b", "[]", "{}", "9223372036854775808",
	}
	extremeInts    = []int64{0, 1, -1, 2, 100, 20260228, math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64, 253402300799, -62135596800}
	extremeDoubles = []float64{0, 1, -1, 127.1, 37.5, math.MaxFloat64, -math.MaxFloat64, math.Inf(1), math.Inf(-1), math.NaN(), math.SmallestNonzeroFloat64}
)

// fillWithExtremes sets about half of the fields to values at an end of something.
func fillWithExtremes(message protoreflect.Message, random *rand.Rand, depth int) {
	fields := message.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if random.IntN(2) == 0 || depth > 4 {
			continue
		}
		switch {
		case field.IsMap():
			entries := message.Mutable(field).Map()
			for range random.IntN(3) {
				entries.Set(extreme(field.MapKey(), entries.NewValue, random, depth).MapKey(), extreme(field.MapValue(), entries.NewValue, random, depth))
			}
		case field.IsList():
			list := message.Mutable(field).List()
			for range random.IntN(4) {
				list.Append(extreme(field, list.NewElement, random, depth))
			}
		default:
			message.Set(field, extreme(field, func() protoreflect.Value { return message.NewField(field) }, random, depth))
		}
	}
}

func extreme(field protoreflect.FieldDescriptor, fresh func() protoreflect.Value, random *rand.Rand, depth int) protoreflect.Value {
	whole := extremeInts[random.IntN(len(extremeInts))]
	switch field.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(random.IntN(2) == 0)
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(extremeTexts[random.IntN(len(extremeTexts))])
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(make([]byte, random.IntN(20)))
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(int32(whole))) //nolint:gosec // a number that is cut is as good
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return protoreflect.ValueOfInt32(int32(whole)) //nolint:gosec // a number that is cut is as good
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(uint32(whole)) //nolint:gosec // a number that is cut is as good
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return protoreflect.ValueOfInt64(whole)
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return protoreflect.ValueOfUint64(uint64(whole)) //nolint:gosec // a number that is cut is as good
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(extremeDoubles[random.IntN(len(extremeDoubles))]))
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(extremeDoubles[random.IntN(len(extremeDoubles))])
	}
	value := fresh()
	fillWithExtremes(value.Message(), random, depth+1)
	return value
}
