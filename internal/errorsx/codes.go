package errorsx

import "sync"

// KnownCode reports whether the rules have a meaning for one of Kakao's error
// codes. What they do not know may be any text, so that nobody should count by
// it.
func KnownCode(code string) bool { return knownCodes()[code] }

var knownCodes = sync.OnceValue(func() map[string]bool {
	codes := map[string]bool{}
	for _, chapter := range book {
		for _, r := range chapter.rules {
			if r.code != "" {
				codes[r.code] = true
			}
		}
	}
	return codes
})
