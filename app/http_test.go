package app

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"prowatch/events"
)

// TestTheSamplesOfRequestsAreAnsweredByTheAPI sends each sample without a token,
// with one, and to a function that has none configured.
func TestTheSamplesOfRequestsAreAnsweredByTheAPI(t *testing.T) {
	f := httpFunction(t, "{tokens: [{token: t0ken, scope: operate}]}")
	closed := httpFunction(t, "{}")
	want := map[string]struct {
		bare, with int
		body       string
	}{
		"scf-function-url":      {200, 200, `"status":"ok"`},
		"scf-function-url-post": {401, 400, `is no parameter of this path, which takes none`},
		"scf-api-gateway":       {200, 200, `"status":"ok"`},
		"scf-api-gateway-post":  {401, 400, `this takes no body`},
		"aws-rest-api":          {401, 200, `"id":"acme-prod"`},
		"aws-rest-api-post":     {401, 400, `is no parameter of this path, which takes account`},
		"aws-rest-api-domain":   {401, 200, `"id":"acme-prod"`},
		"aws-http-api":          {401, 200, `"id":"other"`},
		"aws-http-api-stage":    {401, 400, `\"all\" is no parameter of this path, which takes account, since, limit, cursor`},
		"aws-http-api-v1":       {200, 200, `"status":"ok"`},
		"aws-function-url":      {200, 200, `"status":"ok"`},
		"aws-function-url-post": {401, 400, `is no parameter of this path, which takes none`},
		"aws-alb":               {200, 200, `"status":"ok"`},
		"aws-alb-multi":         {401, 404, `no account \"acme test\" is configured`},
	}
	files, err := filepath.Glob("../events/samples/*.json")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range files {
		event, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		decoded, _ := events.Decode(event)
		request, ok := decoded.(*events.Request)
		if !ok {
			continue
		}
		n++
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		bare, with, none := ask(t, f, event, nil), ask(t, f, event, withToken("t0ken")), ask(t, closed, event, withToken("t0ken"))
		if bare.StatusCode != want[name].bare || with.StatusCode != want[name].with || !strings.Contains(with.Body, want[name].body) {
			t.Errorf("%s: got %+v\nand with a token %+v", name, bare, with)
		}
		if open := request.Path == "/healthz"; open != (none.StatusCode == 200) || !open && none.StatusCode != 403 {
			t.Errorf("%s: got %+v where no token is configured", name, none)
		}
		if with.header("X-Content-Type-Options") != "nosniff" || with.header("X-Request-Id") == "" {
			t.Errorf("%s: got the headers %v %v", name, with.Headers, with.MultiValueHeaders)
		}
	}
	if n != len(want) {
		t.Errorf("got %d samples of requests, want %d", n, len(want))
	}
}

// TestThePageIsRightBehindEveryGateway looks at links below a stage and a base
// path, at HEAD, and at the way back from a form.
func TestThePageIsRightBehindEveryGateway(t *testing.T) {
	const tokens = "tokens: [{token: t0ken, scope: operate}]"
	const own = "{public_url: 'https://watch.example.com/licences', " + tokens + "}"
	for _, tt := range []struct{ sample, http, host, path, key, link string }{
		{"aws-http-api-stage", "{" + tokens + "}", "", "/dev/", "rawPath", "/dev"},
		{"aws-function-url", "{" + tokens + "}", "", "/", "rawPath", ""},
		{"scf-function-url", "{" + tokens + "}", "", "/", "path", ""},
		{"scf-api-gateway", "{" + tokens + "}", "", "/prowatch/", "path", "/release/prowatch"},
		{"aws-rest-api-domain", own, "", "/licences/", "path", "/licences"},
		{"aws-http-api", own, "watch.example.com", "/", "rawPath", "/licences"}, // the event does not tell the base path
		{"aws-http-api", own, "", "/", "rawPath", ""},
		{"aws-alb", "{public_url: 'https://lb.example.com/watch', " + tokens + "}", "", "/watch/", "path", "/watch"},
	} {
		f := httpFunction(t, tt.http)
		event, err := os.ReadFile("../events/samples/" + tt.sample + ".json")
		if err != nil {
			t.Fatal(err)
		}
		send := func(method, path, form string) reply {
			return ask(t, f, event, func(e map[string]any) {
				to(method, tt.key, path, form)(e)
				setHeader(e, "authorization", "Bearer t0ken")
				if tt.host != "" {
					setHeader(e, "host", tt.host)
					e["requestContext"].(map[string]any)["domainName"] = tt.host
				}
			})
		}
		page, head := send("GET", tt.path, ""), send("HEAD", tt.path, "")
		if page.StatusCode != 200 || !strings.Contains(page.Body, `"`+tt.link+`/accounts/acme-prod"`) {
			t.Errorf("%s: got %+v, want links below %q", tt.sample, page, tt.link)
		}
		if head.StatusCode != 200 || head.Body != "" || head.header("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: got %+v for HEAD", tt.sample, head)
		}
		back := send("POST", tt.path+"actions/mute", "account=acme-prod&for=2h&next=/accounts/acme-prod")
		want := tt.link + "/accounts/acme-prod?done=muted"
		if back.StatusCode != 303 || back.header("Location") != want || !strings.Contains(back.Body, `<a href="`+want+`">`) {
			t.Errorf("%s: got %+v, want back to %s", tt.sample, back, want)
		}
	}
}

// TestABrowserSignsInBehindEveryGateway goes from the page, by its form, to a
// session, with the cookies as each gateway takes them.
func TestABrowserSignsInBehindEveryGateway(t *testing.T) {
	f := httpFunction(t, "{tokens: [{token: t0ken, scope: read}]}")
	for sample, key := range map[string]string{"aws-function-url": "rawPath", "aws-rest-api-domain": "path", "aws-alb": "path", "aws-alb-multi": "path", "scf-function-url": "path"} {
		event, err := os.ReadFile("../events/samples/" + sample + ".json")
		if err != nil {
			t.Fatal(err)
		}
		browser := func(method, path, form, cookie string) reply {
			return ask(t, f, event, func(e map[string]any) {
				to(method, key, path, form)(e)
				setHeader(e, "accept", "text/html")
				setHeader(e, "sec-fetch-site", "same-origin")
				setHeader(e, "cookie", cookie)
			})
		}
		page := browser("GET", "/", "", "")
		csrf := regexp.MustCompile(`name="?csrf"? value="([^"]+)"`).FindStringSubmatch(page.Body)
		if page.StatusCode != 401 || csrf == nil {
			t.Errorf("%s: got %+v, want the form", sample, page)
			continue
		}
		in := browser("POST", "/login", url.Values{"csrf": {csrf[1]}, "token": {"t0ken"}}.Encode(), page.cookies())
		if in.StatusCode != 303 || !strings.Contains(in.cookies(), "__Host-prowatch=") {
			t.Errorf("%s: got %+v, want a session", sample, in)
		}
		if again := browser("GET", "/", "", in.cookies()); again.StatusCode != 200 || !strings.Contains(again.Body, "acme-prod") {
			t.Errorf("%s: got %+v, want the page", sample, again)
		}
	}
}

func TestTheSettingsReachTheAPI(t *testing.T) {
	f := httpFunction(t, "{tokens: [{token: t0ken, scope: read}], cors: [https://board.example.com], public_url: 'https://a.example.com'}")
	event, err := os.ReadFile("../events/samples/aws-http-api.json")
	if err != nil {
		t.Fatal(err)
	}
	a := ask(t, f, event, func(e map[string]any) {
		withToken("t0ken")(e)
		setHeader(e, "origin", "https://board.example.com")
	})
	if a.StatusCode != 200 || a.header("Access-Control-Allow-Origin") != "https://board.example.com" || a.header("Strict-Transport-Security") == "" {
		t.Errorf("got %+v", a)
	}
}

func TestTheGuideOfHTTPHasConfigurationsThatLoad(t *testing.T) {
	text, err := os.ReadFile("../docs/http.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := fence.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\r\n", "\n"), -1)
	if len(blocks) < 2 {
		t.Errorf("found %d configurations", len(blocks))
	}
	for _, b := range blocks {
		_, err := New(t.Context(), Options{
			LookupEnv: func(name string) (string, bool) {
				if name == "PROWATCH_CONFIG" {
					return oneAccount + "channels: {out: {type: stdout}}\n" + b[1], true
				}
				return "value of " + name, true
			},
			ReadFile: os.ReadFile, Stdout: new(strings.Builder), Use: None,
		})
		if err != nil {
			t.Errorf("%v in\n%s", err, b[1])
		}
	}
}
