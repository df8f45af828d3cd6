package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"prowatch/web"
	"prowatch/web/webtest"
)

func TestPagesHaveNothingInline(t *testing.T) {
	p := page(12)
	p.Badge = func(string) string { return "/badge" }
	for _, account := range []string{"", "acme-prod-000"} {
		p.Account = account
		if m := regexp.MustCompile(`(?i)<style|<script>|<script [^>]*>[^<]|\son\w+=|\sstyle=`).FindString(written(t, p)); m != "" {
			t.Errorf("the page has %s, which its policy forbids", m)
		}
	}
}

// hostile is a page on which every text that comes from elsewhere is evil.
func hostile() *web.Page {
	p := page(0)
	p.Overview, p.Entries = webtest.Hostile()
	p.CSRF, p.Partial, p.Version, p.Calendar = webtest.Evil, webtest.Evil, webtest.Evil, "javascript:evil()"
	p.Badge = func(string) string { return "javascript:evil()" }
	p.Query = url.Values{"q": {"evil"}, "label": {webtest.Evil}, "lang": {"en"}}
	return p
}

func TestHostileTextsStayText(t *testing.T) {
	p := hostile()
	for _, account := range []string{"", p.Overview.Accounts[0].ID} {
		p.Account = account
		text := written(t, p)
		shows(t, text, webtest.Evil)
		if m := regexp.MustCompile(`(?i)<i>|<script>|="javascript:`).FindString(text); m != "" {
			t.Errorf("the page has %s in it:\n%s", m, text)
		}
	}
}

// FuzzQuery checks that whatever a link asks for, the page is whole and none of
// it becomes markup.
func FuzzQuery(f *testing.F) {
	f.Add("q=acme&status=need&open=any&severity=critical&label=team%3Dsec&sort=end&page=2&from=3&lang=zh")
	f.Add("q=%22%3E%3Cscript%3Eevil%3D1%3C/script%3E&label=%27%3E%3Ci%3E&lang=%3C&page=-1&from=99999999999999999999")
	f.Add("q=%ff%fe%00&label=%e5%ae&sort=&page=0x10&from=-1")
	f.Fuzz(func(t *testing.T, query string) {
		p := page(12)
		p.Query, _ = url.ParseQuery(query) // What cannot be read is left out.
		text := written(t, p)
		if n := strings.Count(text, "<script"); n != 1 || strings.Contains(text, "<i>") {
			t.Errorf("%d scripts on the page", n)
		}
		if !strings.HasSuffix(strings.TrimSpace(text), "</html>") {
			t.Error("the page is cut off")
		}
	})
}
