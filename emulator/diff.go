package emulator

import (
	"slices"
	"strings"
)

// maxDiffLines bounds how many lines of each text are compared.
const maxDiffLines = 200

// diffRow is a line of two texts side by side.
type diffRow struct {
	Left, Right diffCell
	Differs     bool
}

// diffCell is a line with the part marked that the other does not have.
type diffCell struct {
	Before, Marked, After string
	Absent                bool // the text has no such line
}

// diff lays two texts side by side, line by line.
func diff(left, right string) []diffRow {
	l, r := diffLines(left), diffLines(right)
	var rows []diffRow
	for _, p := range align(l, r) {
		switch {
		case p.left < 0:
			rows = append(rows, diffRow{diffCell{Absent: true}, diffCell{Marked: r[p.right]}, true})
		case p.right < 0:
			rows = append(rows, diffRow{diffCell{Marked: l[p.left]}, diffCell{Absent: true}, true})
		default:
			rows = append(rows, pairRow(l[p.left], r[p.right]))
		}
	}
	return rows
}

// diffLines are the lines of a text with their ends made visible where they
// would not be.
func diffLines(s string) []string {
	lines := strings.Split(strings.ReplaceAll(s, "\r", "␍"), "\n")
	lines = lines[:min(len(lines), maxDiffLines)]
	for i, line := range lines {
		if t := strings.TrimRight(line, " \t"); t != line {
			lines[i] = t + strings.Repeat("·", len(line)-len(t))
		}
	}
	return lines
}

// pairRow marks what differs between the same line of two texts.
func pairRow(l, r string) diffRow {
	if l == r {
		return diffRow{diffCell{Before: l}, diffCell{Before: r}, false}
	}
	a, b := []rune(l), []rune(r)
	head := 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	cell := func(s []rune) diffCell {
		return diffCell{Before: string(s[:head]), Marked: string(s[head : len(s)-tail]), After: string(s[len(s)-tail:])}
	}
	return diffRow{cell(a), cell(b), true}
}

// linePair are the numbers of lines that stand side by side, -1 for none.
type linePair struct{ left, right int }

// align pairs the lines of a longest common subsequence, and between those the
// rest one by one.
func align(l, r []string) []linePair {
	longest := make([][]int, len(l)+1)
	for i := range longest {
		longest[i] = make([]int, len(r)+1)
	}
	for i, left := range slices.Backward(l) {
		for j, right := range slices.Backward(r) {
			longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			if left == right {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	var pairs []linePair
	i, j, fromI, fromJ := 0, 0, 0, 0
	for i < len(l) && j < len(r) {
		switch {
		case l[i] == r[j]:
			pairs = append(pairs, between(fromI, i, fromJ, j)...)
			pairs = append(pairs, linePair{i, j})
			i, j = i+1, j+1
			fromI, fromJ = i, j
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return append(pairs, between(fromI, len(l), fromJ, len(r))...)
}

// between pairs lines that are not equal, in their order.
func between(i, toI, j, toJ int) []linePair {
	var pairs []linePair
	for i < toI || j < toJ {
		p := linePair{-1, -1}
		if i < toI {
			p.left, i = i, i+1
		}
		if j < toJ {
			p.right, j = j, j+1
		}
		pairs = append(pairs, p)
	}
	return pairs
}
