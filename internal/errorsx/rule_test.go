package errorsx

import (
	"fmt"
	"testing"
)

// In the book the first rule that matches counts, so a rule below a wider one
// would never be read.
func TestNoRuleIsHidden(t *testing.T) {
	type place struct {
		rule
		name string
	}
	var above []place
	for i, chapter := range book {
		for j, r := range chapter.rules {
			p := place{r, fmt.Sprintf("chapter %d, rule %d (%s)", i, j, r.code)}
			for _, wide := range above {
				if covers(wide.rule, r) {
					t.Errorf("%s is hidden by %s", p.name, wide.name)
				}
			}
			above = append(above, p)
		}
	}
}

// covers reports whether every answer that matches narrow matches wide.
func covers(wide, narrow rule) bool {
	return (wide.code == "" || wide.code == narrow.code) &&
		(wide.shape == shapeForeign || wide.shape == narrow.shape) &&
		(wide.on == familyAny || wide.on == narrow.on) &&
		(wide.status == 0 || wide.status == narrow.status) &&
		(wide.detail == "" || wide.detail == narrow.detail || wide.detail == anyDetail && narrow.detail != "") &&
		(!wide.user || narrow.user) &&
		(wide.says == nil || narrow.says != nil && wide.says.String() == narrow.says.String())
}

func TestRulesHaveReasons(t *testing.T) {
	for _, chapter := range book {
		for _, r := range chapter.rules {
			if _, ok := meanings[r.reason]; !ok {
				t.Errorf("rule for %q has no known reason: %s", r.code, r.reason)
			}
		}
	}
}
