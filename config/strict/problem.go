package strict

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// maxTold is how many problems an error writes out.
const maxTold = 20

// A Problem is one thing that is wrong: where, and in one line what and how to
// mend it.
type Problem struct {
	Pos  Pos
	Text string
}

// String writes "file:line:column: text".
func (p Problem) String() string { return p.Pos.String() + ": " + p.Text }

// Problems are everything that is wrong with a document, in its order.
type Problems []Problem

// Error writes a line for each problem, and how many more there are.
func (ps Problems) Error() string {
	var b strings.Builder
	for i, p := range ps {
		if i == maxTold {
			fmt.Fprintf(&b, "\nand %d more", len(ps)-maxTold)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.String())
	}
	return b.String()
}

// Addf notes a problem, on one line whatever the arguments hold.
func (d *Decoder) Addf(at Pos, format string, args ...any) {
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, fmt.Sprintf(format, args...))
	d.problems = append(d.problems, Problem{at, text})
}

// Err returns what was noted so far as [Problems], each once, nil for nothing.
func (d *Decoder) Err() error {
	if len(d.problems) == 0 {
		return nil
	}
	ps := Problems(slices.Clone(d.problems))
	slices.SortStableFunc(ps, func(a, b Problem) int {
		if a.Pos.Line != b.Pos.Line {
			return a.Pos.Line - b.Pos.Line
		}
		return a.Pos.Column - b.Pos.Column
	})
	return slices.Compact(ps) // an alias decodes its node again
}
