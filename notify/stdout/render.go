package stdout

import (
	"strings"

	"prowatch/notify"
	"prowatch/watch"
)

// ANSI escapes (ECMA-48).
const (
	bold, dim          = "\x1b[1m", "\x1b[2m"
	red, green, yellow = "\x1b[31m", "\x1b[32m", "\x1b[33m"
	reset              = "\x1b[0m"
)

// render lays each notice out as a title with its rows indented, and an empty line
// after it.
func render(d notify.Document, color bool) string {
	paint := func(code, s string) string {
		if !color || code == "" {
			return s
		}
		return code + s + reset
	}
	var b strings.Builder
	for _, t := range d.Texts {
		b.WriteString(paint(bold+hue(t), t.Tag) + paint(bold, strings.TrimPrefix(t.Title, t.Tag)) + "\n")
		for _, r := range t.Rows {
			b.WriteString("  " + line(r, paint) + "\n")
		}
		b.WriteString("  " + paint(dim, t.Footer) + "\n\n")
	}
	if d.Closing != "" {
		b.WriteString(d.Closing + "\n\n")
	}
	return b.String()
}

func line(r notify.Row, paint func(code, s string) string) string {
	switch r.Part {
	case notify.Remark:
		return paint(yellow, r.Value)
	case notify.Fact:
		return paint(dim, r.String())
	}
	return r.String()
}

func hue(t notify.Text) string {
	switch {
	case t.Good:
		return green
	case t.Severity == watch.Critical:
		return red
	case t.Severity == watch.Warning:
		return yellow
	}
	return ""
}
