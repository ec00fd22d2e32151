package catalogue_test

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
	"github.com/kakaorpc/kakaorpc/internal/errorsx/catalogue"
)

// A reason that was added without its texts, or texts whose reason is gone.
func TestEveryReasonInEveryLanguage(t *testing.T) {
	for _, language := range catalogue.Languages() {
		entries := catalogue.Entries(language)
		var last errorv1.Reason
		for _, entry := range entries {
			reason := errorv1.Reason(errorv1.Reason_value["REASON_"+entry.Reason])
			if reason <= last {
				t.Errorf("%s: %s is not in the order of the enum", language, entry.Reason)
			}
			last = reason
			for name, text := range map[string]string{
				"group": entry.Group, "what": entry.What, "cause": entry.Cause, "fix": entry.Fix,
				"mends": entry.Mends.Text, "retry": entry.Retry.Text,
			} {
				checkText(t, language, entry.Reason+" "+name, text)
			}
			for _, family := range entry.Kakao {
				if family.Text == "" || len(family.Codes) == 0 {
					t.Errorf("%s: %s: the family %q has no name or no codes", language, entry.Reason, family.Value)
				}
			}
			if entry.Anchor != strings.ToLower(entry.Reason) {
				t.Errorf("%s: the anchor is %q", entry.Reason, entry.Anchor)
			}
		}
		if want := len(errorv1.Reason_name) - 1; len(entries) != want { // without the unspecified one
			t.Errorf("%s: %d entries, the enum has %d reasons", language, len(entries), want)
		}
	}
	if entries := catalogue.Entries("xx"); entries != nil {
		t.Errorf("a language that nobody wrote has %d entries", len(entries))
	}
}

// reasonName finds what is meant to be a reason in a text: capitals with an
// underscore.
var reasonName = regexp.MustCompile(`\b[A-Z]+(_[A-Z]+)+\b`)

func checkText(t *testing.T, language catalogue.Language, where, text string) {
	t.Helper()
	if strings.TrimSpace(text) == "" || strings.ContainsAny(text, "\n\t") || strings.Contains(text, "  ") {
		t.Errorf("%s: %s: empty or oddly spaced: %q", language, where, text)
	}
	hangul := strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Hangul, r) })
	if hangul != (language == catalogue.Korean) {
		t.Errorf("%s: %s is not in its language: %q", language, where, text)
	}
	codes := map[string]bool{"ALREADY_EXISTS": true, "INVALID_ARGUMENT": true}
	for _, name := range reasonName.FindAllString(text, -1) {
		if _, known := errorv1.Reason_value["REASON_"+name]; !known && !codes[name] {
			t.Errorf("%s: %s names %s, which is no reason", language, where, name)
		}
	}
}

// Causes and fixes are whole sentences, in Korean in the polite style throughout.
func TestSentences(t *testing.T) {
	endings := map[catalogue.Language]string{catalogue.English: ".", catalogue.Korean: "니다."}
	for _, language := range catalogue.Languages() {
		for _, entry := range catalogue.Entries(language) {
			for _, text := range []string{entry.Cause, entry.Fix} {
				if !strings.HasSuffix(text, endings[language]) {
					t.Errorf("%s: %s: no whole sentence: %q", language, entry.Reason, text)
				}
			}
			if strings.HasSuffix(entry.What, ".") {
				t.Errorf("%s: %s: the headline ends with a full stop: %q", language, entry.Reason, entry.What)
			}
		}
	}
}

// The texts promise nothing else than the status itself: who has to act, and
// whether the call may be repeated.
func TestTheCatalogueAgreesWithTheStatus(t *testing.T) {
	menders := map[string][]catalogue.Mender{
		"OPERATOR": {catalogue.Operator}, "USER": {catalogue.User, catalogue.Caller}, "SCOPE": {catalogue.User},
		"OBJECT": {catalogue.Caller, catalogue.Operator},
	}
	entries := catalogue.Entries(catalogue.English)
	for i, d := range errorsx.Describe() {
		entry := entries[i]
		if want := menders[d.Precondition]; d.Precondition != "" && !slices.Contains(want, entry.Mends.Value) {
			t.Errorf("%s is mended by %s, but its precondition is for %s", d.Name, entry.Mends.Value, d.Precondition)
		}
		if d.Retryable && !slices.Contains([]catalogue.Retry{catalogue.Backoff, catalogue.AfterDelay}, entry.Retry.Value) {
			t.Errorf("%s is repeated by this server, and the catalogue says %s", d.Name, entry.Retry.Value)
		}
		if d.Hopeless && !slices.Contains([]catalogue.Retry{catalogue.AfterReset, catalogue.AfterFix}, entry.Retry.Value) {
			t.Errorf("%s is not to be repeated, and the catalogue says %s", d.Name, entry.Retry.Value)
		}
		if d.Doubtful && !strings.Contains(entry.Fix, "write") && !strings.Contains(entry.Fix, "outcome_unknown") && entry.Retry.Value != catalogue.Later {
			t.Errorf("%s: a write may have taken effect, and the fix does not speak of it: %q", d.Name, entry.Fix)
		}
	}
}

// A group is read as one section: its reasons stand together in the enum.
func TestGroupsStandTogether(t *testing.T) {
	var last string
	seen := map[string]bool{}
	for _, entry := range catalogue.Entries(catalogue.English) {
		if entry.Group != last && seen[entry.Group] {
			t.Errorf("%s opens the group %q again", entry.Reason, entry.Group)
		}
		last = entry.Group
		seen[entry.Group] = true
	}
}

// What of the tables a reader relies on: a code of each kind leads to its reason.
func TestKakaoCodes(t *testing.T) {
	found := map[string]string{} // "family code" -> reasons
	for _, entry := range catalogue.Entries(catalogue.English) {
		for _, family := range entry.Kakao {
			for _, code := range family.Codes {
				found[family.Value+" "+code] += " " + entry.Reason
			}
		}
	}
	for code, want := range map[string]string{
		"login -402":                " KAKAO_SCOPE_REQUIRED",
		"login KOE320":              " KAKAO_CODE_USED_OR_EXPIRED",
		"platform HTTP 429":         " KAKAO_RATE_LIMITED",
		"platform -401":             " KAKAO_APP_KEY_INVALID KAKAO_EGRESS_IP_NOT_ALLOWED KAKAO_CALLER_MISMATCH KAKAO_USER_TOKEN_INVALID KAKAO_USER_TOKEN_EXPIRED KAKAO_BUSINESS_TOKEN_REQUIRED",
		"search NotAuthorizedError": " KAKAO_API_NOT_ENABLED",
		"moment -813/31001":         " KAKAO_AD_NOT_FOUND",
		"moment -813":               " KAKAO_MOMENT_ERROR KAKAO_AD_REQUEST_INVALID KAKAO_AD_NOT_FOUND KAKAO_AD_NOT_PERMITTED KAKAO_AD_STATE",
	} {
		if found[code] != want {
			t.Errorf("%s leads to%s, want%s", code, found[code], want)
		}
	}
}

// Files that a maintainer may get wrong are refused and named, here through the
// same door as the tests above: stale texts would otherwise stay unseen.
func TestNoStaleTexts(t *testing.T) {
	known := map[string]bool{}
	for _, entry := range catalogue.Entries(catalogue.English) {
		known[entry.Reason] = true
	}
	key := regexp.MustCompile(`(?m)^  ([A-Z_]+):$`)
	count := 0
	for _, file := range catalogue.Files(t) {
		for _, match := range key.FindAllStringSubmatch(file, -1) {
			count++
			if !known[match[1]] {
				t.Errorf("there is a text for %s, which is no reason", match[1])
			}
		}
	}
	if count != len(known) {
		t.Errorf("%d texts for %d reasons", count, len(known))
	}
}

// The reader refuses what it would otherwise lose.
func TestBrokenTexts(t *testing.T) {
	const good = "group: {en: A, ko: 가}\nreasons: {INTERNAL: {mends: caller}}"
	for name, files := range map[string]map[string]string{
		"a member that nobody reads":   {"words.yaml": "colours: {}"},
		"no YAML":                      {"words.yaml": "mends: ["},
		"a reason in two files":        {"words.yaml": "mends: {}", "reasons/a.yaml": good, "reasons/b.yaml": good},
		"a language that nobody knows": {"words.yaml": "mends: {}", "reasons/a.yaml": "reasons: {INTERNAL: {fr: {cause: x}}}"},
		"no words":                     {"reasons/a.yaml": good},
	} {
		tree := fstest.MapFS{}
		for path, text := range files {
			tree[path] = &fstest.MapFile{Data: []byte(text)}
		}
		if err := catalogue.Read(fs.FS(tree)); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

// The page holds what errors link to: a section a reason, in both languages, and
// nothing that Markdown would take for HTML and hide.
func TestMarkdown(t *testing.T) {
	for _, language := range catalogue.Languages() {
		var page strings.Builder
		if err := catalogue.Markdown(&page, language); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(page.String(), "\n")
		for _, entry := range catalogue.Entries(language) {
			if !slices.Contains(lines, "### "+entry.Reason) {
				t.Errorf("%s: no section %s", language, entry.Reason)
			}
		}
		for number, line := range lines {
			if plain := code.ReplaceAllString(line, ""); number > 0 && strings.ContainsAny(plain, "<>") {
				t.Errorf("%s: line %d: markup outside of code: %s", language, number+1, line)
			}
		}
		if strings.Count(page.String(), "```json") != 1 || !strings.Contains(page.String(), "`-402`") {
			t.Errorf("%s: the example or the codes are missing", language)
		}
	}
	if err := catalogue.Markdown(&strings.Builder{}, "xx"); err == nil {
		t.Error("a page came in a language that nobody wrote")
	}
}

var code = regexp.MustCompile("`[^`]*`")
