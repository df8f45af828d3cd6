package web_test

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"prowatch/web"
)

func TestTheLanguageOfARequest(t *testing.T) {
	for _, tt := range []struct{ url, cookie, accept, want string }{
		{want: "en"},
		{accept: "zh-CN,zh;q=0.9,en;q=0.8", want: "zh"},
		{accept: "en-GB, zh;q=0.9", want: "en"},
		{accept: "de, fr;q=0.9, zh-Hant;q=0.5, en;q=0.4", want: "zh"},
		{accept: "de", want: "en"},
		{accept: "zh;q=0", want: "en"},
		{accept: "zh;q=nonsense, en;q=0.1", want: "en"},
		{accept: "ZH-cn ; q=1.0", want: "zh"},
		{cookie: "zh", accept: "en", want: "zh"},
		{cookie: "tlh", accept: "zh", want: "zh"},
		{url: "?lang=en", cookie: "zh", accept: "zh", want: "en"},
		{url: "?lang=<script>", cookie: "zh", want: "zh"},
		{url: "?lang=zh-CN", want: "zh"},
	} {
		r := httptest.NewRequest("GET", "/"+tt.url, nil)
		if tt.cookie != "" {
			r.Header.Set("Cookie", "lang="+tt.cookie)
		}
		r.Header.Set("Accept-Language", tt.accept)
		if got := web.Language(r); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

func TestStaticFilesAreKeptForEver(t *testing.T) {
	h := web.Static()
	get := func(path, ifNoneMatch string) *httptest.ResponseRecorder {
		w, r := httptest.NewRecorder(), httptest.NewRequest("GET", path, nil)
		r.Header.Set("If-None-Match", ifNoneMatch)
		h.ServeHTTP(w, r)
		return w
	}
	paths := regexp.MustCompile(`/static/[^"]+`).FindAllString(written(t, page(1)), -1)
	if len(paths) != 4 {
		t.Fatalf("the page loads %v", paths)
	}
	for _, path := range paths {
		w := get(path, "")
		if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Body.Len() == 0 || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
		if again := get(path, w.Header().Get("ETag")); again.Code != 304 {
			t.Errorf("%s again: %d, want 304", path, again.Code)
		}
	}
	for path, want := range map[string]string{
		"/static/style.css": "text/css; charset=utf-8", "/static/style.0123456789ab.css": "text/css; charset=utf-8",
		"/static/script.js": "text/javascript; charset=utf-8", "/static/icon.svg": "image/svg+xml",
	} {
		w := get(path, "")
		if w.Code != 200 || w.Header().Get("Content-Type") != want || w.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d %v, want it to be asked for again", path, w.Code, w.Header())
		}
	}
	for _, path := range []string{"/static/", "/static/overview.html", "/static/style.css.map", "/static/x"} {
		if w := get(path, ""); w.Code != 404 {
			t.Errorf("%s: %d, want 404", path, w.Code)
		}
	}
}
