package deployment

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTheAlertKnowsWhoseMistakeACodeIs sorts every code that becomes
// KAKAO_CLIENT_MISCONFIGURED: KakaorpcAppKeyRefused wakes somebody for those that
// the operator mends, and for no caller's. It would catch a code that the server
// has learnt since, and one of the alert that it does not know.
func TestTheAlertKnowsWhoseMistakeACodeIs(t *testing.T) {
	const reason = "KAKAO_CLIENT_MISCONFIGURED"
	callers := []string{
		"KOE006", "KOE007", "KOE303", "invalid_grant", // redirect_uri
		"KOE205", "invalid_scope", // scope
		"KOE102",                     // channel_public_id
		"KOE028", "KOE123", "KOE232", // business authentication, for which there is no rpc
		"KAE101", "KAE102", // of SDKs, which do not come from a request of ours
	}
	code, said := finish(nil, "errors", "--format", "json")
	var entries []struct {
		Reason string
		Kakao  []struct{ Codes []string }
	}
	if err := json.Unmarshal([]byte(said), &entries); err != nil || code != 0 {
		t.Fatalf("errors: %d, %v", code, err)
	}
	var want []string
	for _, entry := range entries {
		for _, family := range entry.Kakao {
			if entry.Reason == reason {
				want = append(want, family.Codes...)
			}
		}
	}
	want = slices.DeleteFunc(want, func(code string) bool { return slices.Contains(callers, code) })
	slices.Sort(want)
	selectors := regexp.MustCompile(`reason="`+reason+`", kakao_code=~"([^"]*)"`).FindAllStringSubmatch(string(read(t, "deploy/prometheus/kakaorpc.rules.yml")), -1)
	if len(selectors) != 3 || len(want) < 4 {
		t.Errorf("%d selectors, %d codes of the operator's", len(selectors), len(want))
	}
	for _, selector := range selectors {
		got := strings.Split(selector[1], "|")
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("the alert counts %q; the operator's are %q", got, want)
		}
	}
}

// TestTheRunBooksQueryHasTheReasonsThatCount compares the reasons in the first
// query of the run book with those that come with the codes of the error budget.
// It would catch a new reason that burns the budget and is not shown.
func TestTheRunBooksQueryHasTheReasonsThatCount(t *testing.T) {
	budget := regexp.MustCompile(`rpc_response_status_code=~"([^"]*)"`).FindStringSubmatch(string(read(t, "deploy/prometheus/kakaorpc.rules.yml")))
	code, said := finish(nil, "errors", "--format", "json")
	var entries []struct {
		Reason   string
		Statuses []struct{ Code string }
	}
	if err := json.Unmarshal([]byte(said), &entries); err != nil || code != 0 || budget == nil {
		t.Fatalf("errors: %d, %v; the budget's codes are %q", code, err, budget)
	}
	var want []string
	for _, entry := range entries {
		if slices.ContainsFunc(entry.Statuses, func(s struct{ Code string }) bool { return slices.Contains(strings.Split(budget[1], "|"), s.Code) }) {
			want = append(want, entry.Reason)
		}
	}
	slices.Sort(want)
	_, section, _ := strings.Cut(string(read(t, "docs/operations.md")), "### KakaorpcErrorBudgetBurnsFast\n")
	query := regexp.MustCompile(`kakaorpc_call_errors_total\{job="kakaorpc", reason=~"([^"]*)"\}`).FindStringSubmatch(section)
	if query == nil || query[1] != strings.Join(want, "|") {
		t.Errorf("the query has %q; the reasons that count are\n%s", query, strings.Join(want, "|"))
	}
}
