package web_test

import (
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"prowatch/web/webtest"
)

var rowID = regexp.MustCompile(`<th scope="row" role="rowheader"><a href="/accounts/([^"?]+)`)

// rows returns the numbers of the accounts that a page shows, in its order.
func rows(text string) []string {
	var ids []string
	for _, m := range rowID.FindAllStringSubmatch(text, -1) {
		ids = append(ids, m[1][strings.LastIndex(m[1], "-")+1:])
	}
	return ids
}

func TestFiltersNarrowTheAccounts(t *testing.T) {
	for _, tt := range []struct {
		query string
		want  []string
	}{
		{"status=Isolate", []string{"000"}},
		{"status=Pending", []string{"001"}},
		{"status=ended", []string{"002"}},
		{"status=ending", []string{"003", "004"}},
		{"status=failing", []string{"005"}},
		{"status=undelivered", []string{"007"}},
		{"status=muted", []string{"001"}},
		{"status=unchecked", []string{"010"}},
		{"status=need", []string{"000", "002", "003", "005", "001", "004", "007", "006"}},
		{"open=capacity", []string{"006"}},
		{"open=delivery", []string{"007"}},
		{"open=any&severity=warning", []string{"004", "007", "006"}},
		{"severity=critical&sort=id", []string{"002", "005", "000", "003", "001"}},
		{"label=team=data&sort=end", []string{"002", "006", "010"}},
		{"label=team&status=Isolate", []string{"000"}},
		{"label=nothing", nil},
		{"q=PROD+platform", []string{"000"}},
		{"q=stage+010", []string{"010"}},
		{"q=nothing+of+the+kind", nil},
		{"status=nonsense&open=nonsense&q=edge-002", []string{"002"}},
		{"status=failing&sort=checked&page=-3", []string{"005"}},
		{"q=acme&sort=checked&status=Normal&severity=critical", []string{"005", "002", "003"}},
		{"status=need&sort=nonsense&page=99999999999999999999", []string{"000", "002", "003", "005", "001", "004", "007", "006"}},
	} {
		t.Run(tt.query, func(t *testing.T) {
			p := page(12)
			p.Query, _ = url.ParseQuery(tt.query)
			text := written(t, p)
			got := rows(text)
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			if tt.want == nil {
				shows(t, text, "No account matches.", "Show all", "Nothing was said yet.")
			}
		})
	}
}

// The guide lists what a link can ask for.
func TestTheGuideKnowsEveryFilter(t *testing.T) {
	guide, err := os.ReadFile("../docs/page.md")
	if err != nil {
		t.Fatal(err)
	}
	text := written(t, page(12))
	_, form, _ := strings.Cut(text, `<form class="filter"`)
	form, _, _ = strings.Cut(form, "</form>")
	names := regexp.MustCompile(`(?:name|value)="([a-zA-Z]+)"`).FindAllStringSubmatch(form, -1)
	if len(names) < 20 {
		t.Fatalf("only %d names in the form:\n%s", len(names), form)
	}
	for _, m := range names {
		if !strings.Contains(string(guide), "`"+m[1]+"`") {
			t.Errorf("the guide lacks %s", m[1])
		}
	}
}

func TestAFigureLeadsToItsAccounts(t *testing.T) {
	figure := regexp.MustCompile(`<li class="\w+"><a href="/(\?[^"#]*)#accounts"[^>]*><b>(\d+)</b>`)
	found := figure.FindAllStringSubmatch(written(t, page(12)), -1)
	if len(found) != 6 {
		t.Fatalf("%d figures, want 6", len(found))
	}
	for _, m := range found {
		p := page(12)
		p.Query, _ = url.ParseQuery(m[1][1:])
		text := written(t, p)
		if n := len(rows(text)); strconv.Itoa(n) != m[2] {
			t.Errorf("%s leads to %d accounts, and says %s", m[1], n, m[2])
		}
		shows(t, text, `aria-current="true"`)
	}
}

func TestNoticesFollowTheFilterAndCanBeTurned(t *testing.T) {
	p := page(12)
	p.Query = url.Values{"status": {"Isolate"}}
	text := written(t, p)
	shows(t, text, "Normal → Isolate", "First reading: Normal")
	lacks(t, text, "Check denied")
	p.Query = url.Values{}
	text = written(t, p)
	shows(t, text, "Notices 1 to 15 of 19", "from=15#notices")
	p.Query.Set("from", "15")
	text = written(t, p)
	shows(t, text, "16 to 19 of 19", "from=0#notices")
	p.Query.Set("from", "1000")
	shows(t, written(t, p), "19 to 19 of 19")
}

func TestTheMonthsOfTheEnds(t *testing.T) {
	p := page(12)
	text := written(t, p)
	shows(t, text, "Ends in the next twelve months", "<span>Jun</span>", "<span>May</span>")
	p.Overview.At = webtest.Now.Add(5 * 365 * 24 * time.Hour)
	lacks(t, written(t, p), "Ends in the next twelve months")
}
