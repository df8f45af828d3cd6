package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"prowatch/watch"
)

// past is how long an end that is over stays in the calendar.
const past = 30 * 24 * time.Hour

// refresh is how often a calendar may ask again; checks are hourly.
const refresh = "PT1H"

// maxLine is the length of a content line, in bytes without its break (RFC
// 5545, section 3.1).
const maxLine = 75

// utcLayout is a time in UTC (RFC 5545, section 3.3.5).
const utcLayout = "20060102T150405Z"

// WriteCalendar writes the ends of all licences as a calendar to subscribe to
// (RFC 5545), in English. host makes its ids unique among all calendars.
//
// An end is an instant, with alarms seven days and one day before it. Its id
// follows from account and end: a renewal is a new entry, and the old one goes.
// An end that is over stays for 30 days, unless the edition is gone.
func WriteCalendar(w io.Writer, o *watch.Overview, host string) error {
	var c calendar
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//prowatch//TCSS Pro licences//EN")
	c.line("CALSCALE", "GREGORIAN")
	for _, name := range []string{"NAME", "X-WR-CALNAME"} { // RFC 7986, and before it
		c.text(name, "TCSS Pro licences")
	}
	c.line("REFRESH-INTERVAL;VALUE=DURATION", refresh)
	c.line("X-PUBLISHED-TTL", refresh)
	events := 0
	for i := range o.Accounts {
		if a := &o.Accounts[i]; !a.EndTime.IsZero() && o.At.Sub(a.EndTime) <= past {
			c.event(a, o.At, host)
			events++
		}
	}
	if events == 0 {
		c.zone()
	}
	c.line("END", "VCALENDAR")
	_, err := w.Write(c.Bytes())
	return err
}

// calendar is a calendar that is being written.
type calendar struct{ bytes.Buffer }

// line writes a content line, folded.
func (c *calendar) line(name, value string) { c.WriteString(fold(name + ":" + value)) }

// text writes a content line whose value is of the type TEXT.
func (c *calendar) text(name, value string) { c.line(name, escapeText(value)) }

func (c *calendar) event(a *watch.AccountStatus, now time.Time, host string) {
	stamp := a.GoodAt // the last time that the end was seen; the calendar changes with it and not in between
	if stamp.IsZero() {
		stamp = now
	}
	summary := "TCSS Pro ends: " + a.ID
	if !a.EndTime.After(now) {
		summary = "TCSS Pro ended: " + a.ID
	}
	c.line("BEGIN", "VEVENT")
	c.text("UID", eventID(a)+"@"+hostOnly(host))
	c.line("DTSTAMP", stamp.UTC().Format(utcLayout))
	c.line("DTSTART", a.EndTime.UTC().Format(utcLayout))
	c.text("SUMMARY", summary)
	c.text("DESCRIPTION", description(a))
	if u := singleLine(a.Console); u != "" {
		c.line("URL", u)
	}
	c.line("TRANSP", "TRANSPARENT")
	if a.EndTime.After(now) {
		c.alarm("-P7D", summary+" in 7 days")
		c.alarm("-P1D", summary+" in 1 day")
	}
	c.line("END", "VEVENT")
}

func (c *calendar) alarm(trigger, text string) {
	c.line("BEGIN", "VALARM")
	c.line("ACTION", "DISPLAY")
	c.line("TRIGGER", trigger)
	c.text("DESCRIPTION", text)
	c.line("END", "VALARM")
}

// zone writes a part that says nothing: a calendar must have one (RFC 5545,
// section 3.6), and where no end is known there is no event.
func (c *calendar) zone() {
	for _, l := range [][2]string{
		{"BEGIN", "VTIMEZONE"}, {"TZID", "UTC"}, {"BEGIN", "STANDARD"}, {"DTSTART", "19700101T000000"},
		{"TZOFFSETFROM", "+0000"}, {"TZOFFSETTO", "+0000"}, {"END", "STANDARD"}, {"END", "VTIMEZONE"},
	} {
		c.line(l[0], l[1])
	}
}

// eventID is the same for the same account and end, and for no other.
func eventID(a *watch.AccountStatus) string {
	sum := sha256.Sum256([]byte(a.ID + "\n" + a.EndTime.UTC().Format(utcLayout)))
	return hex.EncodeToString(sum[:12])
}

func description(a *watch.AccountStatus) string {
	lines := []string{
		"Account: " + a.ID,
		"End: " + absolute(a.EndTime),
		"Status: " + string(a.Edition.Status),
	}
	if len(a.Labels) > 0 {
		lines = append(lines, "Labels: "+strings.Join(pairs(a.Labels), ", "))
	}
	if a.Console != "" {
		lines = append(lines, "Renew: "+a.Console)
	}
	return strings.Join(lines, "\n")
}

// textEscaper escapes a TEXT (RFC 5545, section 3.3.11).
var textEscaper = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// escapeText writes any text as a TEXT. Control characters, which it cannot
// hold, become spaces, and what is no UTF-8 a mark.
func escapeText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return ' '
		}
		return r
	}, textEscaper.Replace(strings.ToValidUTF8(s, "�")))
}

// singleLine leaves out what would end a line, or the value.
func singleLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
}

// hostOnly leaves of a host what may stand in an id.
func hostOnly(host string) string {
	if host = singleLine(host); host == "" {
		return "prowatch"
	}
	return host
}

// fold breaks a content line into lines of at most [maxLine] bytes, never
// within a character, and ends it.
func fold(line string) string {
	var b strings.Builder
	for room := maxLine; len(line) > room; room = maxLine - 1 { // The space that goes on counts.
		cut := room
		for cut > 0 && !utf8.RuneStart(line[cut]) {
			cut--
		}
		if cut == 0 { // No character is that long: this is no UTF-8.
			cut = room
		}
		fmt.Fprintf(&b, "%s\r\n ", line[:cut])
		line = line[cut:]
	}
	b.WriteString(line + "\r\n")
	return b.String()
}
