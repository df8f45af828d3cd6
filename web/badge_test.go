package web_test

import (
	"bytes"
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"prowatch/watch"
	"prowatch/web"
	"prowatch/web/webtest"
)

// drawing is a badge as a parser sees it.
type drawing struct {
	XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
	Width   int      `xml:"width,attr"`
	Role    string   `xml:"role,attr"`
	Title   string   `xml:"title"`
	Groups  []struct {
		Rects []struct {
			Width int    `xml:"width,attr"`
			Fill  string `xml:"fill,attr"`
		} `xml:"rect"`
		Texts []struct {
			X      int    `xml:"x,attr"`
			Length int    `xml:"textLength,attr"`
			Text   string `xml:",chardata"`
		} `xml:"text"`
	} `xml:"g"`
}

func badgeOf(t *testing.T, a *watch.AccountStatus) (drawing, string) {
	t.Helper()
	var b bytes.Buffer
	if err := web.WriteBadge(&b, a, webtest.Now); err != nil {
		t.Fatal(err)
	}
	var d drawing
	if err := xml.Unmarshal(b.Bytes(), &d); err != nil {
		t.Fatalf("%v:\n%s", err, b.String())
	}
	return d, b.String()
}

func TestTheBadgeOfEachState(t *testing.T) {
	o, _ := webtest.Fleet(12)
	colours := map[string]string{"green": "#17703f", "amber": "#93590a", "red": "#b3301f", "grey": "#5c5f66"}
	for i, want := range []struct{ text, colour string }{
		{"Isolate", "red"}, {"Pending", "red"}, {"Normal, ended 26 hours ago", "red"}, {"Normal, 2 days", "red"}, {"Normal, 21 days", "amber"},
		{"Normal, 190 days, not checked", "red"}, {"Normal, 121 days", "amber"}, {"Normal, 64 days", "amber"}, {"Normal, 77 days", "green"},
		{"Normal, end unknown", "green"}, {"unknown", "grey"},
	} {
		d, text := badgeOf(t, &o.Accounts[i])
		if d.Title != "prowatch: "+o.Accounts[i].ID+": "+want.text || d.Role != "img" {
			t.Errorf("%s is titled %q, want %s", o.Accounts[i].ID, d.Title, want.text)
		}
		if got := d.Groups[0].Rects[1].Fill; got != colours[want.colour] {
			t.Errorf("%s is %s, want %s", want.text, got, want.colour)
		}
		if regexp.MustCompile(`style|<script|href`).MatchString(text) {
			t.Errorf("the badge has what a strict policy forbids:\n%s", text)
		}
	}
	d, _ := badgeOf(t, nil)
	if d.Title != "prowatch: unknown" {
		t.Errorf("of no account the title is %q", d.Title)
	}
}

func TestTheTextsOfABadgeFitIntoIt(t *testing.T) {
	for _, id := range []string{"a", strings.Repeat("W", 64), strings.Repeat("i", 64), "账号-42"} {
		d, _ := badgeOf(t, &watch.AccountStatus{ID: id, Edition: watch.Edition{Status: watch.Normal}, EndTime: webtest.Now.Add(42*24*time.Hour + time.Hour)})
		left, right := d.Groups[0].Rects[0].Width, d.Groups[0].Rects[1].Width
		if d.Width != left+right {
			t.Errorf("%s: %d wide, of %d and %d", id, d.Width, left, right)
		}
		for i, text := range d.Groups[1].Texts {
			from, to := []int{0, left}[i], []int{left, d.Width}[i]
			if text.X-text.Length/2 < from || text.X+text.Length/2 > to {
				t.Errorf("%q reaches from %d to %d, out of %d to %d", text.Text, text.X-text.Length/2, text.X+text.Length/2, from, to)
			}
		}
	}
}

func TestABadgeIsWellFormedWhateverTheNames(t *testing.T) {
	for _, id := range []string{webtest.Evil, "\x00\x1b\xff", "]]>&amp;", "\u202e"} {
		d, text := badgeOf(t, &watch.AccountStatus{ID: id, Edition: watch.Edition{Status: watch.Status(id)}})
		if len(d.Groups) != 2 || len(d.Groups[1].Texts) != 2 || strings.Contains(text, "<script") {
			t.Errorf("%s made more than text of the badge:\n%s", strconv.Quote(id), text)
		}
	}
}
