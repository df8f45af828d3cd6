package main

import (
	"encoding/json"
	"html"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// echo refuses each request with all that it holds, each time in another way.
type echo struct {
	mu sync.Mutex
	n  int
}

// echoes is how many ways there are.
const echoes = 4

func (e *echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	e.mu.Lock()
	way := e.n % echoes
	e.n++
	e.mu.Unlock()
	decoded, _ := url.PathUnescape(r.URL.RequestURI())
	headers := ""
	for _, k := range slices.Sorted(maps.Keys(r.Header)) {
		headers += k + ": " + strings.Join(r.Header[k], ", ") + "\n"
	}
	query := ""
	for k, vs := range r.URL.Query() {
		query += k + "=" + strings.Join(vs, ",") + " "
	}
	// Short of quoting, so that what a reason quotes is the secret.
	said := query + decoded + " " + r.URL.RequestURI() + " " + html.EscapeString(decoded) + " " + headers + string(body)
	switch way {
	case 0:
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, said)
	case 1:
		e.refuse(w, http.StatusOK, said)
	case 2:
		e.refuse(w, http.StatusBadRequest, said)
	case 3:
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, url.QueryEscape(said))
	}
}

// refuse answers in the form of every vendor at once.
func (e *echo) refuse(w http.ResponseWriter, status int, said string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"errcode": 40035, "errmsg": said, "code": 9499, "msg": said, "ok": false, "error_code": 400, "description": said,
		"status": "invalid event", "message": said, "errors": []string{said},
		"Response": map[string]any{"Error": map[string]any{"Code": "AuthFailure." + said, "Message": said}, "RequestId": said},
	})
}
