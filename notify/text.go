package notify

import (
	"slices"
	"strings"
	"unicode"

	"prowatch/watch"
)

// Part says what a row of a message is, so that a renderer can lay it out and
// [Document.Fit] knows what may be cut.
type Part int

// The parts, in the order in which a text has them. Title, Remark, Deadline
// and Action always stay, and so does the footer with the id.
const (
	Remark   Part = iota // about the message itself: late, a possible duplicate
	Change               // before → after
	Detail               // free text, such as the API's own words: cut first
	Deadline             // the end, absolute and relative
	Means                // what it means, and what will happen
	Action               // the link to act on
	Runbook              // the owner's own page
	Fact                 // everything else: dropped from the last on
)

// A Row is one line of a text.
type Row struct {
	Part  Part
	Label string // "Status", "" for Remark and Means
	Value string
	URL   string // of Action and Runbook
}

// Lead returns the label with the colon of its script, "Status: " or "状态：".
func (r Row) Lead() string {
	if strings.ContainsFunc(r.Label, func(c rune) bool { return unicode.Is(unicode.Han, c) }) {
		return r.Label + "："
	}
	return r.Label + ": "
}

// A Text is one notice in the words of one language.
type Text struct {
	Severity watch.Severity
	Good     bool // a recovery or renewal: show it green

	// Title begins with Tag, then what happened and when, in the first 60
	// characters as a rule, then the account and the word prowatch.
	Title string
	Tag   string // the severity in words and brackets, "[CRITICAL]"

	Rows   []Row
	Footer string // when it was seen, and the ids
}

// Mark repeats the severity as a colour, for where text has none.
func (t Text) Mark() string {
	switch {
	case t.Good:
		return "🟢"
	case t.Severity == watch.Critical:
		return "🔴"
	case t.Severity == watch.Warning:
		return "🟠"
	}
	return "🔵"
}

// Row returns the first row of the part, and whether there is one.
func (t Text) Row(p Part) (Row, bool) {
	i := slices.IndexFunc(t.Rows, func(r Row) bool { return r.Part == p })
	if i < 0 {
		return Row{}, false
	}
	return t.Rows[i], true
}

// without returns t with the rows that drop picks left out.
func (t Text) without(drop func(i int, r Row) bool) Text {
	var rows []Row
	for i, r := range t.Rows {
		if !drop(i, r) {
			rows = append(rows, r)
		}
	}
	t.Rows = rows
	return t
}

// minDetail is how much of a free text is worth a row, in bytes.
const minDetail = 16

// clipped returns t with its free text cut to n bytes, or without it where that
// is too little.
func (t Text) clipped(n int) Text {
	t = t.without(func(_ int, r Row) bool { return r.Part == Detail && n < minDetail })
	for i, r := range t.Rows {
		if r.Part == Detail {
			t.Rows[i].Value = Clip(r.Value, n)
		}
	}
	return t
}
