package conformance

import (
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"prowatch/web/webtest"
)

// seen is what page.mjs saw.
type seen struct {
	Errors, Violations []string
	Steps              struct {
		TooWide                            []string
		Typed, Chosen, Composing, Composed int
		Link, Focus                        string
		Found                              []string
		Second                             string
		Skip, First, Outline               string
		Checked, Muted                     string
		Stops                              int
		Posts                              []string
		Badge, Printed                     int
		Bar, Hostile, Ink                  string
		Plain                              struct {
			Rows      int
			All, Said string
		}
	}
}

// fleets starts a server for each size of a fleet, and returns their addresses.
func fleets(t *testing.T, sizes ...int) map[string]string {
	t.Helper()
	urls := map[string]string{}
	for _, n := range sizes {
		o, entries := webtest.Fleet(n)
		s := httptest.NewServer(webtest.Handler("/prod", "operate", o, entries))
		t.Cleanup(s.Close)
		urls[fmt.Sprint(n)] = s.URL + "/prod"
	}
	return urls
}

func TestThePageInABrowser(t *testing.T) {
	browser := need(t, "chromium")
	o, entries := webtest.Hostile()
	hostile := httptest.NewServer(webtest.Handler("", "operate", o, entries))
	t.Cleanup(hostile.Close)
	var got seen
	runNode(t, "page.mjs", map[string]any{
		"browser": browser, "shots": os.Getenv("PROWATCH_SCREENSHOTS"), "fleets": fleets(t, 0, 1, 12, 500), "hostile": hostile.URL + "/",
	}, &got)
	if len(got.Errors) > 0 {
		t.Errorf("on the console:\n%s", strings.Join(got.Errors, "\n"))
	}
	if len(got.Violations) > 0 {
		t.Errorf("not accessible:\n%s", strings.Join(got.Violations, "\n"))
	}
	s := got.Steps
	for _, tt := range []struct {
		name      string
		got, want any
	}{
		{"pages that a telephone scrolls sideways", s.TooWide, []string{}},
		{"accounts while words are typed", s.Typed, 1},
		{"accounts while words are composed", s.Composing, 12},
		{"accounts once they are", s.Composed, 1},
		{"accounts of a status", s.Chosen, 8},
		{"the link of a status", s.Link, "?status=need"},
		{"the focus after a choice", s.Focus, "status"},
		{"accounts that the server finds", s.Found, []string{"acme-edge-497"}},
		{"the second page", s.Second, "500 of 500, shown 101 to 200"},
		{"the first stop of the keyboard", s.Skip, "Skip to the content"},
		{"the first stop of the content", s.First, "Check all now"},
		{"the focus is seen", s.Outline, "solid"},
		{"what a check says", s.Checked, "Checked. The page shows what was found."},
		{"what a mute says", s.Muted, "已静默。"},
		{"the bar in words", s.Bar, "47 % of the licence’s time is over; it ends 2026-12-24 22:32 UTC+8"},
		{"what can be pressed on paper", s.Printed, 0},
		{"the ink on paper, where the screen is dark", s.Ink, "rgb(28, 29, 31)"},
		{"what hostile texts did", s.Hostile, "undefined 0"},
		{"accounts without a script", s.Plain.Rows, 2},
		{"all accounts without a script", s.Plain.All, "500 of 500, shown 1 to 100"},
		{"a check without a script", s.Plain.Said, "Checked. The page shows what was found."},
		{"what was posted", s.Posts, []string{
			"/prod/actions/check?csrf=csrf&next=/prod/",
			"/prod/actions/mute?csrf=csrf&next=/prod/accounts/acme-edge-011?lang=zh&account=acme-edge-011&for=4h&reason=变更窗口",
			"/prod/actions/mute?csrf=csrf&next=/prod/&channel=sec&for=1d&reason=&all=true",
			"/prod/actions/unmute?csrf=csrf&next=/prod/&channel=mail",
			"/prod/logout?csrf=csrf",
		}},
	} {
		if fmt.Sprint(tt.got) != fmt.Sprint(tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, tt.got, tt.want)
		}
	}
	if s.Badge < 100 {
		t.Errorf("the badge is %d pixels wide: it was not loaded", s.Badge)
	}
	if s.Stops >= 300 || s.Stops < 20 {
		t.Errorf("the keyboard left the page after %d stops", s.Stops)
	}
}

func TestAMorningInABrowser(t *testing.T) {
	var got struct {
		Errors, Violations []string
		Steps              map[string]string
	}
	runNode(t, "session.mjs", map[string]string{
		"browser": need(t, "chromium"), "url": fleets(t, 12)["12"], "token": "any", "account": "acme-edge-002", "channel": "sec",
	}, &got)
	if len(got.Errors)+len(got.Violations) > 0 {
		t.Errorf("%s\n%s", strings.Join(got.Errors, "\n"), strings.Join(got.Violations, "\n"))
	}
	for step, want := range map[string]string{
		"signedIn": "/prod/", "checked": "Checked. The page shows what was found.", "muted": "Muted.", "unmuted": "Unmuted. What was held is told by the next run.",
		"reason": "muted until 2026-06-18 22:32 UTC+8: moved to <b>another</b> account", "checkedOne": "Checked. The page shows what was found.",
		"mutedChannel": "Muted.", "unmutedChannel": "Unmuted. What was held is told by the next run.", "signedOut": "/prod/login",
	} {
		if got.Steps[step] != want {
			t.Errorf("%s: %q, want %q", step, got.Steps[step], want)
		}
	}
}
