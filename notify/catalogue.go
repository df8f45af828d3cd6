package notify

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"prowatch/watch"
)

// A Catalogue is all the words of one language. A {name} in a sentence stands
// for a value; a sentence may use any that is listed at [Catalogue.values], in
// any order.
type Catalogue struct {
	// Sayings are what each case of a notice says, by its name (see caseOf).
	Sayings map[string]Saying

	// Words are everything else: labels, severities, units, remarks.
	Words map[string]string
}

// A Saying is how one case is told.
type Saying struct {
	// Title is what happened and when, short enough that with the severity
	// before it the time ends within 60 characters: what a phone shows.
	Title string

	// Means is what follows from it and what to do, "" where the title says all.
	Means string

	// Action labels the link to the page to act on, which is Page on the
	// console's host, or where that is "" the page that the message names.
	Action string
	Page   string
}

// Pages of the console, on the host of either site.
const (
	accessKeys  = "/cam/capi"
	permissions = "/cam"
)

// languages are the catalogues of each setting of language.
var languages = map[string][]Catalogue{
	"en":   {english},
	"zh":   {chinese},
	"both": {english, chinese},
}

// word returns a word of the language; one that is not in the table, such as
// a status that the API adds, is its own word.
func (c Catalogue) word(kind, name string) string {
	if w, ok := c.Words[kind+"."+name]; ok {
		return w
	}
	return name
}

// say fills the values into a sentence. Values are put in once: one that looks
// like a {name} stays as it is, as does a {name} that has no value.
func say(sentence string, values map[string]string) string {
	var b strings.Builder
	for rest := sentence; ; {
		text, after, open := strings.Cut(rest, "{")
		b.WriteString(text)
		if !open {
			return b.String()
		}
		name, tail, closed := strings.Cut(after, "}")
		if value, ok := values[name]; closed && ok {
			b.WriteString(value)
			rest = tail
		} else {
			b.WriteByte('{')
			rest = after
		}
	}
}

// span writes a length of time as one number a person remembers. It never says
// a day more than there is, but takes an hour less for a whole day, for checks
// are hourly.
func (c Catalogue) span(d time.Duration) string {
	const day = 24 * time.Hour
	d = d.Abs()
	switch {
	case d >= 48*time.Hour-time.Hour:
		return c.count("day", int64((d+time.Hour)/day))
	case d >= time.Hour-time.Minute:
		return c.count("hour", int64((d+time.Minute)/time.Hour))
	}
	return c.count("minute", int64(d/time.Minute))
}

// count writes a number with its unit.
func (c Catalogue) count(unit string, n int64) string {
	form := "n"
	if n == 1 {
		form = "1"
	}
	return say(c.word(unit, form), map[string]string{"n": strconv.FormatInt(n, 10)})
}

// moment writes a time to the minute, with its offset from UTC.
func moment(t time.Time) string {
	if t.IsZero() {
		return "?"
	}
	_, offset := t.Zone()
	zone := "UTC"
	if offset != 0 {
		zone = fmt.Sprintf("UTC%+d", offset/3600)
		if m := offset / 60 % 60; m != 0 {
			zone += fmt.Sprintf(":%02d", max(m, -m))
		}
	}
	return t.Format("2006-01-02 15:04 ") + zone
}

// severity writes the tag of a title.
func (c Catalogue) severity(s watch.Severity, good bool) string {
	if good {
		return c.word("severity", "ok")
	}
	return c.word("severity", string(s))
}
