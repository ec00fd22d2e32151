package catalogue

import (
	"strings"
	"sync"
	"unicode"

	"google.golang.org/grpc/codes"

	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// A Language is one that the catalogue is written in.
type Language string

// The languages.
const (
	English Language = "en"
	Korean  Language = "ko"
)

// Languages are all languages; the first is the one of the errors themselves.
func Languages() []Language { return []Language{English, Korean} }

// An Entry is what the catalogue holds of one reason. Its texts are sentences in
// the language that was asked for, without markup. Its notation in JSON is what
// "server errors --format json" prints.
type Entry struct {
	// Reason is the text in google.rpc.ErrorInfo.reason: "KAKAO_SCOPE_REQUIRED".
	Reason string `json:"reason"`
	// Anchor is the fragment of the reason's section in docs/errors.md.
	Anchor string `json:"anchor"`
	// Group is the heading under which the reason stands.
	Group string `json:"group"`
	// Statuses are what a call may end with, the usual first; none where it follows
	// from the HTTP status of Kakao's answer.
	Statuses []Status `json:"statuses"`
	// What happened, in one line.
	What string `json:"what"`
	// Cause is why it happens.
	Cause string `json:"cause"`
	// Fix is what the caller does, and the operator where it is the operator's.
	Fix string `json:"fix"`
	// Mends is who can remove the cause.
	Mends Term[Mender] `json:"mends"`
	// Retry says whether repeating the call makes sense.
	Retry Term[Retry] `json:"retry"`
	// OutcomeUnknown: a write that failed so may have taken effect.
	OutcomeUnknown bool `json:"outcome_unknown"`
	// Kakao are the codes of Kakao that lead to the reason, by family.
	Kakao []Family `json:"kakao"`
}

// A Status is how a failed call ends.
type Status struct {
	// Code is the gRPC code as google.rpc.Code writes it: "PERMISSION_DENIED".
	Code string `json:"code"`
	// HTTP is the status of the JSON facade's answer.
	HTTP int `json:"http"`
}

// A Term is a value for programs, with the words for people.
type Term[T ~string] struct {
	Value T      `json:"value"`
	Text  string `json:"text"`
}

// A Mender is who can remove the cause of a failure.
type Mender string

// Those who mend.
const (
	Caller   Mender = "caller"
	Operator Mender = "operator" // of this server, in its configuration or Kakao's console
	User     Mender = "user"     // the person behind the token
	Kakao    Mender = "kakao"
)

// A Retry says whether repeating a call makes sense, and when.
type Retry string

// The advice. It is about reads; of a write whose outcome may be unknown, the
// state has to be read first.
const (
	Never      Retry = "never"       // the same call fails again
	AfterFix   Retry = "after_fix"   // once the cause is removed
	Backoff    Retry = "backoff"     // at once, with back-off
	AfterDelay Retry = "after_delay" // after RetryInfo
	Later      Retry = "later"       // after minutes
	AfterReset Retry = "after_reset" // on the next day or in the next month
)

// A Family is Kakao's codes of one part of its documentation.
type Family struct {
	Term[string]
	// Codes are as errorsx.KakaoCode.Code writes them.
	Codes []string `json:"codes"`
}

// Entries gives the whole catalogue in one language, in the order of the enum
// kakao.error.v1.Reason. What is no language of the catalogue gives nothing.
func Entries(l Language) []Entry {
	t := load()
	var entries []Entry
	for _, d := range errorsx.Describe() {
		if entry, ok := t.entry(d, l); ok {
			entries = append(entries, entry)
		}
	}
	return entries
}

// load reads the embedded texts, once. They are part of the program and tested:
// that they cannot be read is impossible.
var load = sync.OnceValue(func() *texts {
	t, err := read(files)
	if err != nil {
		panic(err)
	}
	return t
})

func (t *texts) entry(d errorsx.Description, l Language) (Entry, bool) {
	text := t.reasons[d.Name]
	words, ok := text.in[l]
	if !ok {
		return Entry{}, false
	}
	if words.What == "" {
		words.What = capital(d.What)
	}
	entry := Entry{
		Reason: d.Name, Anchor: errorsx.Anchor(d.Name), Group: text.group[l],
		What: words.What, Cause: words.Cause, Fix: words.Fix,
		Mends:          Term[Mender]{text.mends, t.words.Mends[text.mends][l]},
		Retry:          Term[Retry]{text.retry, t.words.Retry[text.retry][l]},
		OutcomeUnknown: d.Doubtful,
		Statuses:       []Status{},
		Kakao:          t.families(d.Kakao, l),
	}
	for _, s := range d.Statuses {
		entry.Statuses = append(entry.Statuses, Status{codeName(s.Code), s.HTTP})
	}
	return entry, true
}

// families puts codes together that are of one family, in the order in which the
// families come up.
func (t *texts) families(all []errorsx.KakaoCode, l Language) []Family {
	families := []Family{}
	place := map[string]int{}
	for _, code := range all {
		at, known := place[code.Family]
		if !known {
			at = len(families)
			place[code.Family] = at
			families = append(families, Family{Term: Term[string]{code.Family, t.words.Families[code.Family][l]}})
		}
		families[at].Codes = append(families[at].Codes, code.Code)
	}
	return families
}

// capital makes a sentence of what errorsx says in the middle of one. A name that
// is written small stays so.
func capital(text string) string {
	first, _, _ := strings.Cut(text, " ")
	if strings.ContainsFunc(first, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// codeName writes a gRPC code as google.rpc.Code does.
func codeName(code codes.Code) string {
	if code == codes.Canceled {
		return "CANCELLED"
	}
	var name strings.Builder
	for i, r := range code.String() {
		if i > 0 && unicode.IsUpper(r) {
			name.WriteByte('_')
		}
		name.WriteRune(unicode.ToUpper(r))
	}
	return name.String()
}
