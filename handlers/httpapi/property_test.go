package httpapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// generator makes requests of the document: some as it says, others with faults.
type generator struct {
	*document
	*rand.Rand
	operations []operation
}

func newGenerator(t testing.TB, seed uint64) *generator {
	t.Helper()
	d := readDocument(t)
	return &generator{d, rand.New(rand.NewPCG(seed, 1)), slices.SortedFunc(maps.Keys(d.operations()), func(a, b operation) int {
		return strings.Compare(a.path+" "+a.method, b.path+" "+b.method)
	})}
}

// odd are values that a parameter, a header or a field is not meant to have.
var odd = []string{"", " ", "0", "-1", "1e9", "null", "true", "%", "%00", "\x00", "\r\nX: y", "..", "../../etc/passwd", "/", "//", "a/b", "<script>", "'\"`", "{id}",
	"acme", "beta", "续费", "\xff\xfe", "99999999999999999999", "2026-13-45", "*", `"x"`, strings.Repeat("x", 5000)}

func pick[T any](g *generator, values []T) T { return values[g.IntN(len(values))] }

// oneIn is true once in n times.
func (g *generator) oneIn(n int) bool { return g.IntN(n) == 0 }

// request makes a request of one of the operations.
func (g *generator) request() (operation, *http.Request) {
	o := pick(g, g.operations)
	u := &url.URL{Path: o.path}
	header := http.Header{}
	query := url.Values{}
	parameters, _ := g.at(o.keys("parameters")...)
	list, _ := parameters.([]any)
	for _, p := range list {
		g.put(p.(map[string]any), u, query, header)
	}
	if g.oneIn(8) {
		query.Add(pick(g, []string{"acount", "sig", "exp", "lang", "cursor", "next", "done", pick(g, odd)}), pick(g, odd))
	}
	u.RawQuery = query.Encode()
	if g.oneIn(20) {
		u.RawQuery += pick(g, []string{"&%zz", ";", "&&=", "&a=%ff"})
	}
	body := g.body(o, header)
	method := o.method
	if g.oneIn(10) {
		method = pick(g, []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"})
	}
	r := httptest.NewRequest("GET", "/", strings.NewReader(body))
	r.Method, r.URL, r.Header, r.RequestURI = method, u, header, u.RequestURI()
	r.RemoteAddr = pick(g, []string{"192.0.2.1:1234", "192.0.2.1:4321", "[2001:db8::1]:1234", "", "x", fmt.Sprintf("198.51.%d.%d:1", g.IntN(256), g.IntN(256))})
	g.credentials(r)
	return o, r
}

// put gives a parameter a value.
func (g *generator) put(p map[string]any, u *url.URL, query url.Values, header http.Header) {
	if ref, ok := p["$ref"].(string); ok {
		v, _ := g.at(strings.Split(ref[2:], "/")...)
		p = v.(map[string]any)
	}
	name := p["name"].(string)
	value := pick(g, odd)
	switch example := p["example"].(type) {
	case []any:
		value = example[0].(string)
	case nil:
	default:
		if !g.oneIn(4) {
			value = fmt.Sprint(example)
		}
	}
	switch p["in"] {
	case "path":
		if g.oneIn(20) {
			value = pick(g, odd)
		}
		u.Path = strings.Replace(u.Path, "{"+name+"}", value, 1)
	case "query":
		for range g.IntN(3) {
			query.Add(name, value)
		}
	case "header":
		if g.oneIn(3) {
			header.Set(name, pick(g, []string{"*", value}))
		}
	}
}

// body makes a body of the kind that the operation takes, most times.
func (g *generator) body(o operation, header http.Header) string {
	content, _ := g.at(o.keys("requestBody", "content")...)
	types, _ := content.(map[string]any)
	fields := map[string]any{}
	for _, name := range []string{"for", "until", "reason", "all", "account", "channel", "csrf", "next", "token", pick(g, odd)} {
		if g.oneIn(4) {
			fields[name] = pick(g, []any{"2h", "2099-12-01T09:00:00Z", "talks", true, "acme", "sec", nil, 7, []any{"x"}, pick(g, odd)})
		}
	}
	if types["application/json"] != nil && !g.oneIn(8) {
		header.Set("Content-Type", "application/json")
		if g.oneIn(8) {
			return pick(g, []string{"", "{", "null", "[]", `{"for":"2h"}{}`, `{"for":"\ud800"}`, pick(g, odd)})
		}
		if g.oneIn(2) {
			fields = map[string]any{"for": "2h"}
		}
		b, _ := json.Marshal(fields)
		return string(b)
	}
	if types["application/x-www-form-urlencoded"] != nil && !g.oneIn(8) {
		header.Set("Content-Type", "application/x-www-form-urlencoded")
		form := url.Values{}
		for name, value := range fields {
			form.Set(name, fmt.Sprint(value))
		}
		return form.Encode()
	}
	if g.oneIn(3) {
		header.Set("Content-Type", pick(g, []string{"text/plain", "application/json", "multipart/form-data; boundary=x", pick(g, odd)}))
		return pick(g, odd)
	}
	return ""
}

// credentials says who sends the request.
func (g *generator) credentials(r *http.Request) {
	switch g.IntN(8) {
	case 0:
	case 1:
		r.Header.Set("Authorization", pick(g, []string{"Bearer", "Bearer ", "Basic x", "bearer " + oldToken, "Bearer wrong", "Bearer " + pick(g, odd)}))
	case 2:
		r.Header.Set("Cookie", pick(g, []string{"prowatch=x.1.y.z", "__Host-prowatch=" + pick(g, odd), "prowatch-login=x; lang=zh", "lang=<b>"}))
	case 3:
		r.Header.Set("Authorization", "Bearer "+readToken)
	default:
		r.Header.Set("Authorization", "Bearer "+operateToken)
	}
	for _, name := range []string{"Origin", "Sec-Fetch-Site", "Accept", "Accept-Language", "X-Forwarded-For", "X-Forwarded-Prefix", "If-None-Match"} {
		if g.oneIn(6) {
			r.Header.Set(name, pick(g, []string{"same-origin", "text/html", "https://evil.example.com", "zh-CN,zh;q=0.9", pick(g, odd)}))
		}
	}
}

// holds checks one answer: never the server's fault, as documented, and without
// a secret.
func (g *generator) holds(h http.Handler, o operation, r *http.Request) error {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	a := answer{Response: w.Result(), body: w.Body.String()}
	a.Request = r
	for _, secret := range []string{readToken, operateToken, signingKey} {
		if strings.Contains(fmt.Sprint(a.Header, a.body), secret) {
			return fmt.Errorf("%s is in %v", secret, a)
		}
	}
	if err := secured(a); err != nil {
		return err
	}
	if a.StatusCode >= 500 {
		return fmt.Errorf("got %v", a)
	}
	if o.method = r.Method; o.method == http.MethodHead {
		o.method = http.MethodGet
	}
	nothing := a.StatusCode == http.StatusNotFound && strings.Contains(a.body, "there is nothing at this path")
	switch known := slices.Contains(g.operations, o); {
	case nothing, !known && a.StatusCode == http.StatusMethodNotAllowed:
		return g.conformsBody(operation{"GET", "/api/v1/accounts/{id}"}, "404", a)
	case !known && r.Method == http.MethodOptions && a.StatusCode == http.StatusNoContent:
		return nil
	}
	return g.conforms(o, a)
}

// propertySeeds is how many sequences of requests the test makes.
const propertySeeds = 10

// TestNoRequestGetsAnAnswerThatIsNotDocumented sends requests made from the
// document, right ones and wrong ones.
func TestNoRequestGetsAnAnswerThatIsNotDocumented(t *testing.T) {
	statuses := map[int]int{}
	for seed := range uint64(propertySeeds) {
		s := newStage(t, nil)
		s.run(t)
		g := newGenerator(t, seed)
		for i := range 600 {
			o, r := g.request()
			if o.path == "/static/{file}" || o.path == "/metrics" && r.Method == "GET" {
				continue // another's answers
			}
			w := httptest.NewRecorder()
			counted := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				s.handler.ServeHTTP(w, r)
				maps.Copy(rw.Header(), w.Header())
				rw.WriteHeader(w.Code)
				rw.Write(w.Body.Bytes())
			})
			if err := g.holds(counted, o, r); err != nil {
				t.Fatalf("seed %d, request %d: %s %s %v: %v", seed, i, r.Method, r.URL, r.Header, err)
			}
			statuses[w.Code]++
		}
	}
	for _, status := range []int{200, 204, 303, 304, 400, 401, 403, 404, 405, 415, 429} {
		if statuses[status] < 5 {
			t.Errorf("the status %d came %d times of %v: the test lost its bite", status, statuses[status], statuses)
		}
	}
}
