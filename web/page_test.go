package web_test

import (
	"bytes"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"prowatch/watch"
	"prowatch/web"
	"prowatch/web/webtest"
)

// page is the page of a fleet of n, as an operator sees it.
func page(n int) *web.Page {
	o, entries := webtest.Fleet(n)
	return &web.Page{Language: "en", Scope: "operate", CSRF: "c5rf", Overview: o, Entries: entries, Query: url.Values{}, Version: "v1"}
}

func written(t *testing.T, p *web.Page) string {
	t.Helper()
	var b bytes.Buffer
	if err := web.WritePage(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var tag = regexp.MustCompile(`<[^>]*>`)

// shows checks that a page has these texts, as they are written or as they are
// read.
func shows(t *testing.T, page string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(html.UnescapeString(page), w) && !strings.Contains(html.UnescapeString(tag.ReplaceAllString(page, "")), w) {
			t.Errorf("the page lacks %q:\n%s", w, page)
		}
	}
}

func lacks(t *testing.T, page string, unwanted ...string) {
	t.Helper()
	for _, w := range unwanted {
		if strings.Contains(html.UnescapeString(page), w) {
			t.Errorf("the page has %q", w)
		}
	}
}

func TestTheOverviewBeginsWithWhoNeedsSomebody(t *testing.T) {
	p := page(12)
	shows(t, written(t, p), "8 of 12 need you", "1 of them is muted", "A channel fails: pager", "ended 26 hours ago", "190 days",
		"2026-12-24 22:32 UTC+8", "Last run", "2 not delivered", "end unknown", "31 failed checks in a row: denied", "AuthFailure.SecretIdNotFound",
		"moves to acme-edge-005, see SEC-1138", "the routing key is not known: set routing_key")
	p.Language = "zh"
	shows(t, written(t, p), "12 个账号中有 8 个需要处理", "已隔离", "严重", "已到期 26 小时", "鉴权失败")
	p = page(1)
	p.Overview.Accounts[0].Problems = nil
	shows(t, written(t, p), "The one account is in order")
}

func TestTheWorstComeFirst(t *testing.T) {
	text := written(t, page(12))
	last := -1
	for _, id := range []string{"acme-prod-000", "acme-edge-002", "acme-prod-003", "acme-edge-005", "acme-stage-001", "acme-stage-004", "acme-stage-007", "acme-prod-006", "acme-stage-010", "acme-edge-008"} {
		at := strings.Index(text, `<a href="/accounts/`+id+`">`)
		if at <= last {
			t.Errorf("%s is at %d, want it after %d", id, at, last)
		}
		last = at
	}
}

func TestAnAccountHasAPageOfItsOwn(t *testing.T) {
	p := page(12)
	p.Account, p.Done = "acme-prod-006", "muted"
	p.Badge = func(id string) string { return "https://x.example/badge/" + id + ".svg?sig=1" }
	text := written(t, p)
	shows(t, text, "Too few cores", "96 cores to buy", "CoresCnt", "MaxPostPayCoresCnt", "96 cores short", "Told to", "sec, pager",
		"Notices go out 30 days, 14 days, 7 days, 3 days, 1 day before the end.", "https://x.example/badge/acme-prod-006.svg?sig=1", "Muted.",
		`href="https://console.intl.cloud.tencent.com/tcss"`, `name="account" value="acme-prod-006"`)
	lacks(t, text, "acme-prod-000", "AuthFailure")
	p.Account = "gone"
	shows(t, written(t, p), "No account of this name is watched")
}

func TestReadersSeeWhatIsAndNotWhatCanBeDone(t *testing.T) {
	p := page(12)
	for _, account := range []string{"", "acme-prod-000"} {
		p.Account, p.Scope = account, "operate"
		shows(t, written(t, p), "/actions/check", "/actions/mute", `name="csrf" value="c5rf"`)
		p.Scope = "read"
		text := written(t, p)
		lacks(t, text, "/actions/")
		shows(t, text, "/logout")
		p.Scope, p.CSRF = "operate", ""
		lacks(t, written(t, p), "/actions/", "/logout")
		p.CSRF = "c5rf"
	}
}

func TestAMuteCanBeTakenBack(t *testing.T) {
	p := page(12)
	p.Account = "acme-stage-001"
	text := written(t, p)
	shows(t, text, "/actions/unmute", "muted until 2026-06-28 22:32 UTC+8: moves to")
	lacks(t, text, "/actions/mute")
	p.Overview.Accounts[1].Mute.Until = webtest.Now.Add(-time.Second)
	text = written(t, p)
	shows(t, text, "/actions/mute")
	lacks(t, text, "/actions/unmute", "muted until")
}

// Where nothing runs, no run can say so.
func TestThePageSaysThatNothingRunsAnyMore(t *testing.T) {
	p := page(500)
	p.Overview.At = webtest.Now.Add(25 * time.Hour)
	text := written(t, p)
	shows(t, text, "499 of 500 need you", "Checks overdue", "Last good run over all accounts 25 hours ago (check that the schedule runs)")
	p.Overview.GoodAt = time.Time{}
	shows(t, written(t, p), "No good run over all accounts yet (check that")
	p.Account = "acme-edge-011"
	shows(t, written(t, p), "Checks overdue")
	lacks(t, written(t, page(12)), "overdue)", "check that the schedule runs")
}

func TestAnEmptyStateSaysWhatToDo(t *testing.T) {
	text := written(t, page(0))
	shows(t, text, "No account is watched", "Add an account to prowatch.yaml")
	lacks(t, text, "/actions/check", "Nothing has been checked yet")
	p := page(1)
	p.Overview.LastRun, p.Entries = nil, nil
	p.Overview.Accounts[0] = watch.AccountStatus{ID: "a"}
	shows(t, written(t, p), "Nothing has been checked yet.", "prowatch doctor", "1 of 1 was not read yet", "never", "Unknown", "Nothing was said yet.")
	p.Scope = "read"
	shows(t, written(t, p), "Run prowatch check, or wait")
	p.Overview.Channels = nil
	shows(t, written(t, p), "No channel is configured")
}

func TestWhatWasDoneIsSaidInWordsOfThePage(t *testing.T) {
	p := page(1)
	p.Done, p.Failed, p.Partial = "checked", "<b>nonsense", "record account/x is damaged"
	text := written(t, p)
	shows(t, text, "Checked. The page shows what was found.", "That failed.", "record account/x is damaged")
	lacks(t, text, "nonsense")
}

func TestPathsBeginAtTheBase(t *testing.T) {
	local := regexp.MustCompile(`(?:href|src|action)="(/[^"]*)"`)
	for _, account := range []string{"", "acme-prod-000"} {
		p := page(500)
		p.Base, p.Account, p.Language, p.Query = "/prod", account, "zh", url.Values{"lang": {"zh"}, "q": {"acme"}, "page": {"2"}}
		text := written(t, p)
		found := local.FindAllStringSubmatch(text, -1)
		if len(found) < 10 {
			t.Fatalf("only %d paths", len(found))
		}
		for _, m := range found {
			if !strings.HasPrefix(m[1], "/prod/") {
				t.Errorf("%s does not begin at the base", m[1])
			}
			if !strings.Contains(m[1], "/static/") && !strings.Contains(m[1], "lang=") && !strings.Contains(m[0], "action") {
				t.Errorf("%s loses the language", m[1])
			}
		}
		if account == "" {
			shows(t, text, `name="next" value="/prod/?lang=zh&page=2&q=acme"`, `href="/prod/?lang=en&page=2&q=acme"`)
		}
	}
}

func TestFiveHundredAccountsAreALightPage(t *testing.T) {
	p := page(500)
	text := written(t, p)
	if len(text) > 300<<10 {
		t.Errorf("the page is %d KiB, want at most 300", len(text)>>10)
	}
	shows(t, text, "500 of 500, shown 1 to 100", "8 of 500 need you")
}

func TestEveryAccountIsOnOnePage(t *testing.T) {
	row := regexp.MustCompile(`<th scope="row" role="rowheader"><a href="/accounts/([^"?]+)`)
	seen := map[string]int{}
	for _, n := range []string{"", "2", "3", "4", "5"} {
		p := page(500)
		p.Query.Set("page", n)
		for _, m := range row.FindAllStringSubmatch(written(t, p), -1) {
			seen[m[1]]++
		}
	}
	if len(seen) != 500 {
		t.Errorf("%d accounts on five pages, want 500", len(seen))
	}
	for id, times := range seen {
		if times != 1 {
			t.Errorf("%s is there %d times", id, times)
		}
	}
}

func TestTheLoginPage(t *testing.T) {
	login := func(l web.Login) string {
		var b bytes.Buffer
		if err := web.WriteLogin(&b, &l); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	text := login(web.Login{Base: "/prod", Language: "en", CSRF: "c5rf", Next: "/prod/?q=<a>", Fault: "token"})
	shows(t, text, `action="/prod/login?lang=en"`, `name="csrf" value="c5rf"`, `value="/prod/?q=<a>"`, "not one of those", `name="token"`)
	text = login(web.Login{Language: "zh", Fault: "Too <b>late"})
	shows(t, text, "登录", "Too <b>late")
	if strings.Contains(text, "<b>late") {
		t.Error("a fault is more than text")
	}
	text = login(web.Login{Language: "en", Closed: true})
	shows(t, text, "No token is configured", "PROWATCH_HTTP_TOKEN")
	lacks(t, text, "<input")
}

func BenchmarkPageOf500(b *testing.B) {
	p := page(500)
	var out bytes.Buffer
	for b.Loop() {
		out.Reset()
		if err := web.WritePage(&out, p); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(out.Len()))
}
