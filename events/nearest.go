package events

import "strings"

// nearest returns ` (did you mean "w"?)` for the word that is at most two edits
// from s, whatever the case, and "" if none is.
func nearest(words []string, s string) string {
	const within = 2
	best, distance := "", within+1
	for _, w := range words {
		if len(w) > len(s)+within || len(s) > len(w)+within {
			continue
		}
		if d := edits(strings.ToLower(w), strings.ToLower(s)); d < distance {
			best, distance = w, d
		}
	}
	if best == "" {
		return ""
	}
	return " (did you mean " + quote(best) + "?)"
}

// edits returns the Levenshtein distance of a and b, in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
