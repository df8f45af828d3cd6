package web_test

import (
	"net/url"
	"regexp"
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
