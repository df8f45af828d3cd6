package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"prowatch/watch"
)

// maxAnswer is how much of an answer is read, in bytes. Vendors' answers are a
// few hundred.
const maxAnswer = 64 << 10

// attemptTimeout bounds one attempt, in case ctx allows more.
const attemptTimeout = 10 * time.Second

// contentJSON is the default content type. DingTalk refuses one without it
// (43004).
const contentJSON = "application/json; charset=utf-8"

// A Request is one attempt to deliver.
type Request struct {
	Vendor string      // who is asked, for the outcome: "WeCom"
	URL    *url.URL    // a secret
	Body   []byte      // see [JSON]
	Header http.Header // beside Content-Type, or with another one; may be nil

	// Secrets are what else of the configuration an answer may echo.
	Secrets []string

	// Repeatable says that the far side drops a message it has seen. Others go
	// over a connection of their own: on one that the far side closed while a
	// function was frozen, a message is lost with no way to know.
	Repeatable bool
}

// An Answer is what came back.
type Answer struct {
	Status int // HTTP
	Header http.Header
	Body   []byte // at most 64 KiB of it

	vendor  string
	secrets secrets
}

// JSON encodes v for a request. It leaves <, > and & as they are, which Go
// would write as six bytes each against the vendors' limits.
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("encoding the message: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Post makes one attempt: it follows no redirect, gives up after 10 s or when
// ctx ends, and judges no status. Where no whole answer came, the outcome says
// whether the message may have arrived; otherwise it is nil.
func Post(ctx context.Context, c *http.Client, r Request) (Answer, *watch.Outcome) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	var written atomic.Bool
	req, err := newRequest(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { written.Store(true) },
	}), r)
	if err != nil {
		return Answer{}, unsendable(r)
	}
	resp, err := once(c).Do(req)
	if err != nil {
		out := Unanswered(r.Vendor, err, written.Load())
		return Answer{}, &out
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		out := Unanswered(r.Vendor, err, true)
		return Answer{}, &out
	}
	return Answer{
		Status: resp.StatusCode, Header: resp.Header, Body: body,
		vendor: r.Vendor, secrets: secretsOf(r.URL, r.Secrets),
	}, nil
}

func newRequest(ctx context.Context, r Request) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL.String(), bytes.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", contentJSON)
	req.Header.Set("User-Agent", "prowatch")
	for k, v := range r.Header {
		req.Header[http.CanonicalHeaderKey(k)] = v
	}
	req.Close = !r.Repeatable
	return req, nil
}

// unsendable is the outcome of a request that cannot even be made.
func unsendable(r Request) *watch.Outcome {
	out := Outcome(watch.Permanent, "", r.Vendor+": the url cannot be used in a request: check it")
	return &out
}

// once returns c without its redirect policy.
func once(c *http.Client) *http.Client {
	own := http.Client{}
	if c != nil {
		own = *c
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}
