package notify

import (
	"slices"
	"sort"

	"prowatch/watch"
)

// A Document is a message in words, ready for a renderer: the texts, and for a
// digest the closing line. It is a value; its methods return changed copies.
type Document struct {
	ID       string         // of the message
	Severity watch.Severity // the worst
	Good     bool           // nothing but good news

	// Title is the worst text's, with how many more there are: what a subject
	// line or a banner shows.
	Title string

	// Texts are the notices, the worst first, and in several languages one
	// after the other. [Document.Shrink] leaves out the last ones.
	Texts []Text

	// Closing ends a digest: how many notices were left out and its id. It is ""
	// for one notice. ClosingURL is where all notices are, or "".
	Closing    string
	ClosingURL string

	severities []watch.Severity // of all the notices, left out or not
	voice      Voice
}

// shown counts the notices that are not left out.
func (d Document) shown() int { return len(d.Texts) / len(d.voice.Catalogues) }

// first returns the document with its n worst notices.
func (d Document) first(n int) Document {
	d.Texts = d.Texts[:n*len(d.voice.Catalogues)]
	d.Closing, d.ClosingURL = "", ""
	if len(d.severities) > 1 {
		d.Closing = d.voice.closing(d.severities[n:], d.ID)
	}
	if n < len(d.severities) {
		d.ClosingURL = d.voice.Page
	}
	return d
}

// each returns the document with f applied to every text.
func (d Document) each(f func(Text) Text) Document {
	texts := make([]Text, len(d.Texts))
	for i, t := range d.Texts {
		texts[i] = f(t)
	}
	d.Texts = texts
	return d
}

// Fit renders the document in at most limit bytes, cut as [Document.Shrink]
// does; where nothing fits, it reports false.
func (d Document) Fit(limit int, render func(Document) string) (text string, ok bool) {
	small, ok := d.Shrink(func(d Document) bool { return len(render(d)) <= limit })
	if !ok {
		return "", false
	}
	return render(small), true
}

// Shrink cuts the document until it fits, by whatever measure the vendor has.
// It leaves out the last notices of a digest until the others fit whole; it
// cuts the one that is left in its free text, then drops its rows, the facts
// from the last on. Titles, remarks, deadlines, the link to act on and the ids
// always stay; where they alone do not fit, it reports false.
func (d Document) Shrink(fits func(Document) bool) (Document, bool) {
	if fits(d) {
		return d, true
	}
	if more := d.shown() - 1; more > 0 {
		n := sort.Search(more, func(n int) bool { return !fits(d.first(n + 1)) })
		if d = d.first(max(n, 1)); n > 0 {
			return d, true
		}
	}
	if bare := d.each(func(t Text) Text { return t.clipped(0) }); !fits(bare) {
		return shrinkRows(bare, fits)
	}
	over := sort.Search(d.longestDetail(), func(n int) bool {
		return !fits(d.each(func(t Text) Text { return t.clipped(n + 1) }))
	})
	return d.each(func(t Text) Text { return t.clipped(over) }), true
}

// shrinkRows drops row after row until the document fits.
func shrinkRows(d Document, fits func(Document) bool) (Document, bool) {
	for _, part := range []Part{Fact, Means, Change, Runbook} {
		for d.has(part) {
			if d = d.each(func(t Text) Text { return t.withoutLast(part) }); fits(d) {
				return d, true
			}
		}
	}
	return d, false
}

func (d Document) has(p Part) bool {
	return slices.ContainsFunc(d.Texts, func(t Text) bool { _, ok := t.Row(p); return ok })
}

func (t Text) withoutLast(p Part) Text {
	last := -1
	for i, r := range t.Rows {
		if r.Part == p {
			last = i
		}
	}
	return t.without(func(i int, _ Row) bool { return i == last })
}

func (d Document) longestDetail() int {
	n := 0
	for _, t := range d.Texts {
		for _, r := range t.Rows {
			if r.Part == Detail {
				n = max(n, len(r.Value))
			}
		}
	}
	return n
}
