package notify

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"prowatch/watch"
)

// product is the constant word of every title. Chat services that let only
// messages with a keyword through find it in alarm and recovery alike.
const product = "prowatch"

// lateAfter is how old a notice is when the message says so.
const lateAfter = 10 * time.Minute

// maxTexts is how many notices of a digest are put into words: more than the
// largest message, a mail's, has room for.
const maxTexts = 300

// maxName bounds a name in a title or a footer, in bytes, which are never cut
// otherwise.
const maxName = 64

// Voice is how a channel speaks.
type Voice struct {
	Catalogues []Catalogue // of the languages, at least one
	Zone       *time.Location
	Page       string

	templates map[watch.Type]template
}

// Compose puts a message into words. Times left are as of m.At: a message that
// was held says what is true when it arrives, and that it is late.
//
// In several languages each notice is told in one and then in the next. What
// the API said and the facts, which read alike in each, stand in the first only.
func Compose(m watch.Message, v Voice) Document {
	d := Document{ID: m.ID, Severity: watch.Info, Good: true, voice: v}
	for n, item := range m.Items {
		if n < maxTexts {
			d.Texts = append(d.Texts, v.texts(m, item)...)
		}
		d.severities = append(d.severities, item.Notice.Severity)
		if item.Notice.Severity.Rank() < d.Severity.Rank() {
			d.Severity = item.Notice.Severity
		}
		d.Good = d.Good && good(&item.Notice)
	}
	if len(d.Texts) == 0 {
		return d
	}
	d.Title = d.Texts[0].Title
	c := v.Catalogues[0]
	for i := range v.Catalogues {
		d.Texts[i].Rows = append(remarks(v.Catalogues[i], m, d.severities), d.Texts[i].Rows...)
	}
	if len(m.Items) > 1 {
		d.Title += " · " + say(c.Words["digest.more"], map[string]string{"n": strconv.Itoa(len(m.Items) - 1)})
	}
	return d.first(d.shown())
}

// texts are an item in each language.
func (v Voice) texts(m watch.Message, item watch.Item) []Text {
	texts := make([]Text, len(v.Catalogues))
	for i, c := range v.Catalogues {
		texts[i] = newWriter(c, v, m, item).text()
		if i > 0 {
			texts[i] = texts[i].without(func(_ int, r Row) bool { return r.Part == Detail || r.Part == Fact })
		}
	}
	return texts
}

// remarks are about the whole message.
func remarks(c Catalogue, m watch.Message, all []watch.Severity) []Row {
	var rows []Row
	if m.PossibleDuplicate {
		rows = append(rows, Row{Part: Remark, Value: c.Words["remark.duplicate"]})
	}
	if len(all) > 1 {
		rows = append(rows, Row{Part: Remark, Value: say(c.Words["digest.count"], map[string]string{
			"n": strconv.Itoa(len(all)), "list": c.tally(all)})})
	}
	return rows
}

// closing ends a digest, in each language.
func (v Voice) closing(omitted []watch.Severity, id string) string {
	var parts []string
	for _, c := range v.Catalogues {
		key := "digest.end"
		switch {
		case len(omitted) > 0 && v.Page == "":
			key = "digest.rest.history"
		case len(omitted) > 0:
			key = "digest.rest.page"
		}
		parts = append(parts, say(c.Words[key], map[string]string{
			"n": strconv.Itoa(len(omitted)), "list": c.tally(omitted), "id": id}))
	}
	return strings.Join(parts, " / ")
}

// tally writes how many there are of each severity, the worst first.
func (c Catalogue) tally(all []watch.Severity) string {
	var parts []string
	for _, s := range []watch.Severity{watch.Critical, watch.Warning, watch.Info} {
		n := 0
		for _, other := range all {
			if other.Rank() == s.Rank() {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, c.count("tally."+string(s), int64(n)))
		}
	}
	return strings.Join(parts, c.Words["comma"])
}

// pairs writes labels, sorted.
func pairs(labels map[string]string) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		parts = append(parts, OneLine(k+"="+labels[k]))
	}
	return strings.Join(parts, ", ")
}
