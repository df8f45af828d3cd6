package strict

import (
	"slices"
	"strings"
)

// Nearest returns the word that is most likely meant by s, "" if none is near:
// an edit for each three letters, whatever the case, swapped neighbours being
// one edit.
func Nearest(s string, words []string) string {
	best, within := "", 1+min(len(s)/3, 3)
	for _, w := range words {
		if len(w) >= len(s)+within || len(s) >= len(w)+within {
			continue
		}
		if n := edits(strings.ToLower(s), strings.ToLower(w)); n < within {
			best, within = w, n
		}
	}
	return best
}

// Meant returns "; did you mean w?" for the nearest word, or else the words
// themselves, sorted.
func Meant(s string, words []string) string {
	if w := Nearest(s, words); w != "" {
		return "; did you mean " + w + "?"
	}
	return "; write one of " + strings.Join(slices.Sorted(slices.Values(words)), ", ")
}

// edits is the restricted Damerau-Levenshtein distance, in bytes.
func edits(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, last[j]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
