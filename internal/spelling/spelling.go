// Package spelling finds the known name that somebody meant who wrote another.
package spelling

import (
	"slices"
	"strings"
)

// longestSlip is the longest text that is taken for a slip, in bytes: what is longer
// is no name, and comparing it would cost.
const longestSlip = 100

// leastBeginning is how many letters may stand for the one name that begins with
// them.
const leastBeginning = 3

// Nearest returns the name with the fewest edits to the given one, or else the
// only name that begins with it, or "" if none is near: a name of which half would
// be edited away is another one. It repeats nothing of what was given, which may be
// a secret that strayed.
func Nearest(given string, names []string) string {
	if len(given) > longestSlip {
		return ""
	}
	best, least := "", len(given)/3+2
	for _, candidate := range slices.Sorted(slices.Values(names)) {
		if d := Edits(given, candidate); d < least && 2*d < max(len(given), len(candidate)) {
			best, least = candidate, d
		}
	}
	if best != "" || len(given) < leastBeginning {
		return best
	}
	for _, candidate := range names {
		if !strings.HasPrefix(candidate, given) {
			continue
		}
		if best != "" {
			return ""
		}
		best = candidate
	}
	return best
}

// DidYouMean is the end of a sentence that refuses a word: "; did you mean
// debug?", or "" where nothing is near.
func DidYouMean(given string, names []string) string {
	if near := Nearest(given, names); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// Edits is the Levenshtein distance, with two neighbours changed around as one
// edit: that is the commonest slip.
func Edits(a, b string) int {
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next[0] = i + 1
		for j := range len(b) {
			substitute := row[j]
			if a[i] != b[j] {
				substitute++
			}
			next[j+1] = min(substitute, next[j]+1, row[j+1]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}
