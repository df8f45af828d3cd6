package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// words are all texts of one language. A {name} in a text stands for a value.
type words struct {
	Language string // as settings and links name it
	Tag      string // as HTML names it
	texts    map[string]string
}

// wordsOf returns the words of a language, of one that is unknown the English.
func wordsOf(language string) words {
	if language == chinese.Language {
		return chinese
	}
	return english
}

// other returns the words of the other language.
func (w words) other() words {
	if w.Language == chinese.Language {
		return english
	}
	return chinese
}

// Say returns a text with its values, which come as name and value in turn.
// They are put in once: a value that looks like a {name} stays as it is.
func (w words) Say(key string, pairs ...any) string {
	text, ok := w.texts[key]
	if !ok {
		return key
	}
	if len(pairs) == 0 {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		name, after, closed := strings.Cut(rest, "}")
		if b.WriteString(before); !found || !closed {
			b.WriteString(text[len(before):])
			return b.String()
		}
		fmt.Fprint(&b, value(name, pairs))
		text = after
	}
}

// value returns what follows name among pairs.
func value(name string, pairs []any) any {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			return pairs[i+1]
		}
	}
	return "{" + name + "}"
}

// orSame returns the word of a name, or, where there is none, such as for a
// status that the API adds, the name.
func (w words) orSame(kind, name string) string {
	if text, ok := w.texts[kind+"."+name]; ok {
		return text
	}
	return name
}

// count returns the form of a text for the number n, which is its {n}.
func (w words) count(key string, n int, pairs ...any) string {
	form := ".n"
	if n == 1 {
		form = ".1"
	}
	return w.Say(key+form, append(pairs, "n", strconv.Itoa(n))...)
}

// span writes a length of time as one number a person remembers. It never says
// a day more than there is, but takes an hour less for a whole day, for checks
// are hourly.
func (w words) span(d time.Duration) string {
	const day = 24 * time.Hour
	d = d.Abs()
	switch {
	case d >= 48*time.Hour-time.Hour:
		return w.count("day", int((d+time.Hour)/day))
	case d >= time.Hour-time.Minute:
		return w.count("hour", int((d+time.Minute)/time.Hour))
	}
	return w.count("minute", int(d/time.Minute))
}

// relative writes a time as seen from now.
func (w words) relative(t, now time.Time) string {
	switch d := t.Sub(now); {
	case d.Abs() < time.Minute:
		return w.Say("now")
	case d < 0:
		return w.Say("ago", "span", w.span(d))
	default:
		return w.Say("ahead", "span", w.span(d))
	}
}
