package web_test

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"

	"prowatch/watch"
	"prowatch/web"
	"prowatch/web/webtest"
)

func calendarOf(t *testing.T, o *watch.Overview) string {
	t.Helper()
	var b bytes.Buffer
	if err := web.WriteCalendar(&b, o, "prowatch.example"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// parsed reads a calendar, which must be valid: whole lines, of the length that
// is allowed, and every part with what it must have.
func parsed(t *testing.T, text string) *ical.Calendar {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("the line %q, of %d bytes, is none", line, len(line))
		}
	}
	cal, err := ical.NewDecoder(strings.NewReader(text)).Decode()
	if err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	if err := ical.NewEncoder(io.Discard).Encode(cal); err != nil {
		t.Errorf("the calendar lacks something: %v:\n%s", err, text)
	}
	return cal
}

// value returns the text of a property as a reader has it.
func value(t *testing.T, p ical.Props, name string) string {
	t.Helper()
	s, err := p.Text(name)
	if err != nil || p.Get(name) == nil {
		t.Errorf("%s: %v", name, err)
	}
	return s
}

func TestTheCalendarHasAnEventForEachEnd(t *testing.T) {
	o, _ := webtest.Fleet(12)
	cal := parsed(t, calendarOf(t, o))
	if got := value(t, cal.Props, "X-WR-CALNAME"); got != "TCSS Pro licences" {
		t.Errorf("its name is %q", got)
	}
	if every, err := cal.Props.Get("REFRESH-INTERVAL").Duration(); err != nil || every != time.Hour {
		t.Errorf("it is to be asked for every %s, %v", every, err)
	}
	ends := map[string]*watch.AccountStatus{}
	for i := range o.Accounts {
		if a := &o.Accounts[i]; !a.EndTime.IsZero() {
			ends[a.ID] = a
		}
	}
	uids := map[string]bool{}
	for _, e := range cal.Events() {
		_, id, _ := strings.Cut(value(t, e.Props, "SUMMARY"), ": ")
		a := ends[id]
		if a == nil {
			t.Fatalf("an event of %q", id)
		}
		delete(ends, id)
		uids[value(t, e.Props, "UID")] = true
		if start, err := e.DateTimeStart(time.UTC); err != nil || !start.Equal(a.EndTime) || start.Location() != time.UTC {
			t.Errorf("%s begins %s, %v; want %s", id, start, err, a.EndTime)
		}
		if u, err := e.Props.URI("URL"); err != nil || u.String() != a.Console {
			t.Errorf("%s leads to %v, %v", id, u, err)
		}
		if d := value(t, e.Props, "DESCRIPTION"); !strings.Contains(d, "\nRenew: "+a.Console) || !strings.Contains(d, "UTC+8") || !strings.Contains(d, "team=") {
			t.Errorf("%s says %q", id, d)
		}
		alarms(t, a, e, o.At)
	}
	if len(ends) > 0 {
		t.Errorf("there is no event of %v", slices.Sorted(maps.Keys(ends)))
	}
	if len(uids) != len(cal.Events()) {
		t.Errorf("%d ids for %d events", len(uids), len(cal.Events()))
	}
}

func alarms(t *testing.T, a *watch.AccountStatus, e ical.Event, now time.Time) {
	t.Helper()
	var got []time.Duration
	for _, c := range e.Children {
		d, err := c.Props.Get("TRIGGER").Duration()
		if err != nil || c.Name != "VALARM" || value(t, c.Props, "ACTION") != "DISPLAY" {
			t.Errorf("%s: %s with %v", a.ID, c.Name, err)
		}
		got = append(got, d)
	}
	want := []time.Duration{-7 * 24 * time.Hour, -24 * time.Hour}
	if !a.EndTime.After(now) {
		want = nil
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s is announced %v before, want %v", a.ID, got, want)
	}
}

func TestAnEventIsTheSameUntilItsEndMoves(t *testing.T) {
	uid := func(id string, end time.Time, o watch.Overview) string {
		o.Accounts = []watch.AccountStatus{{ID: id, EndTime: end, GoodAt: webtest.Now}}
		return value(t, parsed(t, calendarOf(t, &o)).Events()[0].Props, "UID")
	}
	end := webtest.Now.Add(time.Hour)
	first := uid("a", end, watch.Overview{At: webtest.Now})
	if again := uid("a", end.In(time.FixedZone("", 3600)), watch.Overview{At: webtest.Now.Add(30 * time.Minute)}); again != first {
		t.Errorf("later it is %s, before %s", again, first)
	}
	for _, other := range []string{uid("b", end, watch.Overview{At: webtest.Now}), uid("a", end.Add(time.Second), watch.Overview{At: webtest.Now})} {
		if other == first {
			t.Errorf("another end has the id %s, too", other)
		}
	}
}

func TestTheCalendarChangesOnlyWithAGoodCheck(t *testing.T) {
	o, _ := webtest.Fleet(12)
	first := calendarOf(t, o)
	o.At = o.At.Add(10 * time.Minute)
	if calendarOf(t, o) != first {
		t.Error("asked again before the next check, the calendar is another")
	}
	o.Accounts[0].GoodAt = o.At
	if calendarOf(t, o) == first {
		t.Error("a check left no trace")
	}
}

func TestAnEndThatIsOverStaysForThirtyDays(t *testing.T) {
	for age, want := range map[time.Duration]int{29 * 24 * time.Hour: 1, 30 * 24 * time.Hour: 1, 30*24*time.Hour + time.Second: 0} {
		o := &watch.Overview{At: webtest.Now, Accounts: []watch.AccountStatus{{ID: "a", EndTime: webtest.Now.Add(-age)}}}
		if got := len(parsed(t, calendarOf(t, o)).Events()); got != want {
			t.Errorf("%s after its end there are %d events, want %d", age, got, want)
		}
	}
	parsed(t, calendarOf(t, &watch.Overview{})) // without any it is valid, too
}

// FuzzCalendar checks that whatever an account is called, a parser reads it
// back, and nothing of it becomes a line of its own.
func FuzzCalendar(f *testing.F) {
	f.Add("acme-prod", "team", "sec", "https://console.example/a?b=c;d,e")
	f.Add(strings.Repeat("安全", 40), `a\b;c,d`, "x\r\nBEGIN:VEVENT\r\n", "javascript:\nURL:x")
	f.Add(strings.Repeat("é", 33)+"\u2028\u0085\x00\x7f", "\xff\xfe", "\t ", " ")
	f.Add(":;=\"^n", "", "\\n\\", "\xe5\xae")
	f.Fuzz(func(t *testing.T, id, key, label, console string) {
		o := &watch.Overview{At: webtest.Now, Accounts: []watch.AccountStatus{{
			ID: id, Labels: map[string]string{key: label}, Console: console, EndTime: webtest.Now.Add(time.Hour), Edition: watch.Edition{Status: watch.Normal},
		}}}
		events := parsed(t, calendarOf(t, o)).Events()
		if len(events) != 1 || len(events[0].Children) != 2 {
			t.Fatalf("%d events", len(events))
		}
		want := "TCSS Pro ends: " + plain(id)
		if got := value(t, events[0].Props, "SUMMARY"); got != want {
			t.Errorf("summary %q, want %q", got, want)
		}
	})
}

// plain is what is left of a text in a calendar: line breaks are one character,
// other control characters spaces, and what is no text a mark.
func plain(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, "�"))
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}
