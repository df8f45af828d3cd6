package emulator_test

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"prowatch/emulator"
)

// browser is a client that keeps cookies and shows pages as they are.
func browser(t *testing.T, e http.Handler) (get func(path string) (int, string), post func(path string, form url.Values) (int, string)) {
	t.Helper()
	s := httptest.NewServer(e)
	t.Cleanup(s.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	do := func(method, path, form string) (int, string) {
		r, err := http.NewRequest(method, s.URL+"/_emulator/"+path, strings.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", "text/html")
		if method == "POST" {
			r.Header.Set("Origin", s.URL)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		rsp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer rsp.Body.Close()
		b, _ := io.ReadAll(rsp.Body)
		return rsp.StatusCode, string(b)
	}
	get = func(path string) (int, string) { return do("GET", path, "") }
	post = func(path string, form url.Values) (int, string) { return do("POST", path, form.Encode()) }
	return get, post
}

func pretty(v any) string {
	b, _ := json.MarshalIndent(v, "", " ")
	return string(b)
}

// told checks a page's status and that it has texts in it, as they are written
// or as they are read.
func told(t *testing.T, status int, page string, wantStatus int, want ...string) {
	t.Helper()
	for _, w := range want {
		if status != wantStatus || !strings.Contains(page, w) && !strings.Contains(html.UnescapeString(page), w) {
			t.Errorf("page = %d, want %d with %q in it:\n%s", status, wantStatus, w, page)
		}
	}
}

func TestThePageEditsWhatTheAPIAnswers(t *testing.T) {
	e := emulator.New(&emulator.Options{Rate: -1})
	get, post := browser(t, e)
	status, page := get("")
	told(t, status, page, 200, "AKIDEMULATOR", "Normal", "Nothing was asked yet")
	status, page = post("account/AKIDEMULATOR", url.Values{
		"do": {"edition"}, "BuyStatus": {"Isolate"}, "EndTime": {""}, "CoresCnt": {"7"}, "IsPurchased": {"true"}, "ResourceId": {"12"},
	})
	told(t, status, page, 200, "The edition is saved", "Isolate: isolated")
	ed, _ := e.Edition(emulator.DefaultSecretID)
	if ed["EndTime"] != nil || ed["IsPurchased"] != true || ed["ResourceId"] != "12" || ed["StartTime"] != "2021-05-31 00:00:00" {
		t.Errorf("edition = %v, want what was typed, with its types, and the rest as it was", ed)
	}
	status, page = post("account/AKIDEMULATOR", url.Values{"do": {"faults"}, "faults": {"[]"}, "add": {`{"code": "InternalError"}`}})
	told(t, status, page, 200, "The faults are saved", "{&#34;code&#34;: &#34;InternalError&#34;}")
	status, page = post("account/AKIDEMULATOR", url.Values{"do": {"timeline"}, "example": {"yes"}})
	told(t, status, page, 200, "+08:00")
	status, page = post("account/AKIDEMULATOR", url.Values{"do": {"json"}, "json": {`{"New": [1.0]}`}})
	told(t, status, page, 200, "    1.0\n")
	status, page = post("account/AKIDEMULATOR", url.Values{"do": {"purchase"}, "purchase": {`{"State": 2}`}})
	told(t, status, page, 200, "&#34;State&#34;: 2,")
	status, page = post("", url.Values{"do": {"clock"}, "now": {"2026-01-01T00:00:00+08:00"}, "speed": {"0"}})
	told(t, status, page, 200, "2026-01-01 00:00:00", "A virtual time, at +08:00")
	status, page = post("", url.Values{"do": {"clock"}, "jump": {"24h"}})
	told(t, status, page, 200, "2026-01-02 00:00:00")
	status, page = post("", url.Values{"do": {"clock"}, "jump": {"machine"}})
	told(t, status, page, 200, "The machine’s time")
	status, page = post("", url.Values{"do": {"reset"}})
	told(t, status, page, 200, "Everything but the accounts and roles is as it was at the start.", "Normal")
}

func TestThePageKeepsWhatItCannotTake(t *testing.T) {
	e := emulator.New(nil)
	get, post := browser(t, e)
	before := e.State()
	for _, form := range []url.Values{
		{"do": {"faults"}, "faults": {`[{"code": "<b>Nonsense"}]`}},
		{"do": {"timeline"}, "timeline": {`[{"at": "<b>Nonsense"}]`}},
		{"do": {"json"}, "json": {`<b>Nonsense`}},
		{"do": {"purchase"}, "purchase": {`{"<b>Nonsense": 1}`}},
	} {
		status, page := post("account/AKIDEMULATOR", form)
		told(t, status, page, 400, "Nothing was changed.", "&lt;b&gt;Nonsense")
	}
	status, page := post("", url.Values{"do": {"clock"}, "now": {"<b>soon"}, "speed": {"1"}})
	told(t, status, page, 400, "Nothing was changed.", "&lt;b&gt;soon")
	status, page = post("", url.Values{"do": {"nothing"}})
	told(t, status, page, 400, "no such button")
	status, page = post("explorer", url.Values{"parameters": {"<b>{"}})
	told(t, status, page, 400, "&lt;b&gt;{", "no JSON object")
	status, page = post("explorer", url.Values{"region": {"a'; rm"}})
	told(t, status, page, 400, "region")
	for _, path := range []string{"account/AKIDnone", "request/none", "static/none", "static/..%2foverview.html"} {
		if status, page := get(path); status != 404 {
			t.Errorf("%s: %d %s, want 404", path, status, page)
		}
	}
	if after := e.State(); pretty(after) != pretty(before) {
		t.Errorf("changed to %s", pretty(after))
	}
}

func TestTheExplorerBreaksSignaturesAndTheLogSaysHow(t *testing.T) {
	e := emulator.New(&emulator.Options{Rate: -1})
	get, post := browser(t, e)
	link := regexp.MustCompile(`/_emulator/(request/[0-9a-f-]{36})`)
	for _, tt := range []struct{ wrong, code, advice string }{
		{"", "Normal", "signed right"},
		{"key", "AuthFailure.SignatureFailure", "its secret key is another"},
		{"newline", "AuthFailure.SignatureFailure", "a line break at its end"},
		{"host", "AuthFailure.SignatureFailure", "signed for another host: tcss.tencentcloudapi.com"},
		{"byte", "AuthFailure.SignatureFailure", "Mend"},
		{"late", "AuthFailure.SignatureExpire", "10m0s behind this machine’s clock"},
		{"token", "AuthFailure.TokenFailure", "none with a permanent key"},
	} {
		eachWay(t, func(t *testing.T, sign, method string) {
			status, page := post("explorer", url.Values{"wrong": {tt.wrong}, "sign": {sign}, "method": {method}})
			told(t, status, page, 200, tt.code, "String to sign")
			m := link.FindStringSubmatch(page)
			if m == nil {
				t.Fatalf("no link to the log:\n%s", page)
			}
			status, page = get(m[1])
			told(t, status, page, 200, tt.code, tt.advice)
		})
	}
	if n := len(e.Requests()); n != 42 {
		t.Errorf("%d requests, want 42", n)
	}
}

func TestTheExplorerShowsCredentialsOnlyWhenAsked(t *testing.T) {
	opts := withRole()
	_, post := browser(t, emulator.New(&opts))
	form := url.Values{"action": {"AssumeRole"}, "account": {"AKIDhub"}, "parameters": {goodRole}, "region": {"ap-singapore"}}
	status, page := post("explorer", form)
	told(t, status, page, 200, `"TmpSecretKey": "***"`, `"Token": "***"`)
	form.Set("reveal", "yes")
	status, page = post("explorer", form)
	told(t, status, page, 200, `"TmpSecretKey": "`)
	if strings.Contains(page, "***") {
		t.Errorf("the page masks what was asked for:\n%s", page)
	}
}

func TestPastedTextIsComparedLineByLine(t *testing.T) {
	e := emulator.New(nil)
	get, post := browser(t, e)
	_, page := post("explorer", url.Values{"wrong": {"key"}})
	path := regexp.MustCompile(`/_emulator/(request/[0-9a-f-]{36})`).FindStringSubmatch(page)[1]
	x := e.Requests()[0].Signing
	status, page := get(path + "?mine=" + url.QueryEscape(strings.Replace(x.CanonicalRequest, "application", "<i>", 1)))
	told(t, status, page, 200, "<code>content-type:<mark>&lt;i&gt;</mark>/json</code>", "What you pasted")
	status, page = get(path + "?mine=" + url.QueryEscape(x.StringToSign+"\nmore "))
	told(t, status, page, 200, "<mark>more·</mark>", "no such line")
	status, page = get(path + "?mine=POSTT%0A/%0A%0Aхост")
	told(t, status, page, 200, "<code>POST<mark>T</mark></code>", "<mark>хост</mark>")
}

func TestPagesLoadNothingFromElsewhere(t *testing.T) {
	get, _ := browser(t, emulator.New(nil))
	for _, path := range []string{"", "explorer", "account/AKIDEMULATOR", "static/style.css", "static/script.js"} {
		_, page := get(path)
		if m := regexp.MustCompile(`(?i)(src|href|action|url|import)\s*[=(]\s*["']?(https?:)?//[^"' ]*`).FindString(page); m != "" {
			t.Errorf("%s loads %s", path, m)
		}
		if m := regexp.MustCompile(`(?i)<(script|style)>|\son\w+=|style="`).FindString(page); m != "" {
			t.Errorf("%s has %s, which its own policy forbids", path, m)
		}
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/_emulator/", nil)
	r.RemoteAddr, r.Host = "127.0.0.1:1", "localhost:9900"
	emulator.New(nil).ServeHTTP(w, r)
	if p := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(p, "default-src 'none';") || strings.Contains(p, "unsafe") {
		t.Errorf("policy = %q", p)
	}
	if p := w.Header().Get("Referrer-Policy"); p != "same-origin" {
		t.Errorf("referrer policy = %q; with no-referrer a browser posts forms with the origin null, which is refused", p)
	}
}

func TestABrowserSignsInWithTheToken(t *testing.T) {
	get, post := browser(t, emulator.New(&emulator.Options{AdminToken: "t0ken"}))
	status, page := get("")
	told(t, status, page, 401, "Admin token")
	if strings.Contains(page, "AKIDEMULATOR") {
		t.Error("the page tells of accounts before one is signed in")
	}
	status, page = get("login")
	told(t, status, page, 200, "Admin token")
	status, page = get("static/style.css")
	told(t, status, page, 200, "color-scheme")
	for _, bad := range []string{"", "other"} {
		status, page = post("login", url.Values{"token": {bad}})
		told(t, status, page, 401, "not the one")
	}
	status, page = post("", url.Values{"do": {"reset"}})
	told(t, status, page, 401, "needs its token")
	status, page = post("login", url.Values{"token": {"t0ken"}})
	told(t, status, page, 200, "AKIDEMULATOR")
	status, page = get("state")
	told(t, status, page, 200, `"format": 1`)

	get, post = browser(t, emulator.New(nil))
	status, page = get("login") // There is nothing to sign in to.
	told(t, status, page, 200, "AKIDEMULATOR")
	status, page = post("login", url.Values{"token": {""}})
	told(t, status, page, 401, "not the one")
}
