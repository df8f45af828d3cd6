package web

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"prowatch/watch"
)

// Colours of a badge that white text can be read on.
var badgeColours = map[kind]string{good: "#17703f", warn: "#93590a", bad: "#b3301f", none: "#5c5f66"}

// WriteBadge writes a small picture of the account's state as SVG, for a wiki or
// a README: its id, its status and the time left, in English. It has no styles,
// so that it looks the same under any policy of the page it stands on. Without
// an account it says that it is unknown.
func WriteBadge(w io.Writer, a *watch.AccountStatus, now time.Time) error {
	name, k, text := "prowatch", none, "unknown"
	if a != nil {
		name, k, text = "prowatch: "+a.ID, judge(a, now), badgeText(a, now)
	}
	left, right := textWidth(name)+badgePad, textWidth(text)+badgePad
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="20" role="img" aria-labelledby="t"><title id="t">%[2]s</title>`+
		`<clipPath id="r"><rect width="%[1]d" height="20" rx="3"/></clipPath>`+
		`<g clip-path="url(#r)"><rect width="%[3]d" height="20" fill="#3b3f45"/><rect x="%[3]d" width="%[4]d" height="20" fill="%[5]s"/></g>`+
		`<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">`,
		left+right, escapeXML(name+": "+text), left, right, badgeColours[k])
	for _, t := range []struct {
		text      string
		x, length int
	}{{name, left / 2, left - badgePad}, {text, left + right/2, right - badgePad}} {
		fmt.Fprintf(&b, `<text x="%d" y="14" textLength="%d" aria-hidden="true">%s</text>`, t.x, t.length, escapeXML(t.text))
	}
	b.WriteString("</g></svg>\n")
	_, err := w.Write(b.Bytes())
	return err
}

// badgeText is the state in a few words. Where checks fail, what is known may be
// old, and the badge says so.
func badgeText(a *watch.AccountStatus, now time.Time) string {
	text := string(a.Edition.Status)
	switch {
	case a.Edition.Status == "":
		text = "unknown"
	case a.Edition.Status != watch.Normal:
	case a.EndTime.IsZero():
		text += ", end unknown"
	case ended(a, now):
		text += ", ended " + english.span(now.Sub(a.EndTime)) + " ago"
	default:
		text += ", " + english.span(a.EndTime.Sub(now))
	}
	if failing(a, now) {
		text += ", not checked"
	}
	return text
}

// badgePad is the space around a text, both sides together, in pixels.
const badgePad = 12

// textWidth estimates the width of a text in Verdana of 11 pixels; the picture
// names it, so that a browser with another font fits the text in.
func textWidth(s string) int {
	tenths := 0
	for _, r := range s {
		switch {
		case r >= utf8.RuneSelf:
			tenths += 110
		case strings.ContainsRune("iljI.,:;|!' ", r):
			tenths += 40
		case strings.ContainsRune("ftr-()/", r):
			tenths += 48
		case strings.ContainsRune("mwMW@%", r):
			tenths += 102
		case r >= 'A' && r <= 'Z':
			tenths += 78
		default:
			tenths += 68
		}
	}
	return (tenths + 9) / 10
}

func escapeXML(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // A Builder takes everything.
	return b.String()
}
