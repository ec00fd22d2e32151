package errorsx

import "testing"

// TestKnownCode: a code that Kakao makes up tomorrow must not be known by
// accident, as the empty code of a rule that matches every code would make it.
func TestKnownCode(t *testing.T) {
	for code, want := range map[string]bool{
		"-401": true, "-10": true, "KOE320": true, "RequestThrottled": true, "-99999": false, "": false, "*": false,
	} {
		if got := KnownCode(code); got != want {
			t.Errorf("KnownCode(%q) = %t", code, got)
		}
	}
}
