package errorsx

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// What error.proto promises of each reason, the first words of its comment, is
// what the table does.
func TestReasonsKeepTheirPromise(t *testing.T) {
	source, err := os.ReadFile("../../proto/kakao/error/v1/error.proto")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]codes.Code{"By the HTTP status": codes.OK, "Any code": codes.Unknown}
	for code := codes.OK; code <= codes.Unauthenticated; code++ {
		var parsed codes.Code
		for _, name := range []string{strings.ToUpper(snake(code.String())), "CANCELLED"} {
			if parsed.UnmarshalJSON([]byte(`"`+name+`"`)) == nil && parsed == code {
				named[name] = code
			}
		}
	}
	entry := regexp.MustCompile(`(?s)((?:  // [^\n]*\n)+)  REASON_(\w+) = \d+;`)
	seen := 0
	for _, match := range entry.FindAllStringSubmatch(string(source), -1) {
		comment := strings.ReplaceAll(strings.TrimPrefix(match[1], "  // "), "\n  // ", " ")
		reason := reasonOf(match[2])
		if reason == errorv1.Reason_REASON_UNSPECIFIED {
			continue
		}
		seen++
		promise := comment
		for _, end := range []string{".", " on ", " when ", ","} {
			promise, _, _ = strings.Cut(promise, end)
		}
		code, ok := named[promise]
		if !ok {
			t.Errorf("%s: the comment starts with %q, which is no code", match[2], promise)
		}
		if got := meanings[reason].code; got != code {
			t.Errorf("%s: the comment says %s, the table %s", match[2], code, got)
		}
	}
	if want := len(errorv1.Reason_name) - 1; seen != want {
		t.Errorf("found %d comments, want %d", seen, want)
	}
}

// snake turns the name of a code as Go writes it ("NotFound") into google.rpc's
// ("not_found").
func snake(name string) string {
	return regexp.MustCompile(`([a-z])([A-Z])`).ReplaceAllString(name, "${1}_$2")
}

func TestEveryReasonHasItsMeaning(t *testing.T) {
	for number, name := range errorv1.Reason_name {
		reason := errorv1.Reason(number)
		if reason == errorv1.Reason_REASON_UNSPECIFIED {
			continue
		}
		m, ok := meanings[reason]
		if !ok {
			t.Errorf("%s has no meaning", name)
			continue
		}
		if m.what == "" || m.do == "" {
			t.Errorf("%s lacks words", name)
		}
		if strings.HasSuffix(m.what, ".") || strings.HasSuffix(m.do, ".") || strings.Contains(m.what, ": ") {
			t.Errorf("%s: the words make no sentence: %q: %q", name, m.what, m.do)
		}
		if (m.code == codes.FailedPrecondition) != (m.who != "" && m.who != scope) {
			t.Errorf("%s: a precondition needs an actor, and nothing else does", name)
		}
		if (m.code == codes.ResourceExhausted) != (m.quota != "") {
			t.Errorf("%s: what is exhausted needs a quota, and nothing else does", name)
		}
		if m.retry && m.hopeless {
			t.Errorf("%s cannot be both worth a retry and hopeless", name)
		}
		e := New(reason, "")
		checkInvariants(t, e, nil)
		if e.Reason() != reason {
			t.Errorf("New(%s) has reason %s", name, e.Reason())
		}
	}
}

// Only a user's token and the certificate of the calling service are the
// caller's own; see the doctrine.
func TestOnlyTheCallersOwnCredentialsAreUnauthenticated(t *testing.T) {
	for reason, m := range meanings {
		name := reasonName(reason)
		if m.code == codes.Unauthenticated && !strings.Contains(name, "TOKEN") && reason != errorv1.Reason_REASON_CALLER_UNAUTHENTICATED {
			t.Errorf("%s is UNAUTHENTICATED", name)
		}
	}
}

// Where a rule differs from its reason's code, the reason says so: the catalogue
// would leave that code out otherwise.
func TestReasonsNameEveryCodeOfTheirs(t *testing.T) {
	for _, chapter := range book {
		for _, r := range chapter.rules {
			if m := meanings[r.reason]; r.grpc != codes.OK && r.grpc != m.code && r.grpc != m.also {
				t.Errorf("%s of %s ends with %s, which %s does not name", r.code, chapter.name, r.grpc, reasonName(r.reason))
			}
		}
	}
	if m := meanings[errorv1.Reason_REASON_KAKAO_RESPONSE_UNREADABLE]; m.also != foreign(Response{HTTPStatus: 503}) || m.code != foreign(Response{HTTPStatus: 200}) {
		t.Errorf("an unreadable answer ends with %s or %s, says the table", m.code, m.also)
	}
}

// What a status links to is there: each reason has its section in the page.
func TestEveryReasonLinksToItsSection(t *testing.T) {
	page, err := os.ReadFile("../../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	anchors := map[string]bool{}
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(string(page), -1) {
		// As GitHub makes them, of headings that are one word.
		anchors[strings.ToLower(heading[1])] = true
	}
	for reason := range meanings {
		var links []string
		for _, detail := range New(reason, "").GRPCStatus().Details() {
			if help, ok := detail.(*errdetails.Help); ok {
				for _, link := range help.GetLinks() {
					links = append(links, link.GetUrl())
				}
			}
		}
		if len(links) == 0 {
			t.Errorf("%s links to nothing", reasonName(reason))
			continue
		}
		address, anchor, _ := strings.Cut(links[len(links)-1], "#")
		if address != Catalogue || !anchors[anchor] {
			t.Errorf("%s links to %s#%s, which is no section of docs/errors.md", reasonName(reason), address, anchor)
		}
	}
}
