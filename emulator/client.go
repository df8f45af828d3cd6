package emulator

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxReply bounds what a [Client] reads, in bytes.
const maxReply = 8 << 20

// Client signs and sends single requests, for tests that need no SDK and for
// trying things out. It does not try again.
type Client struct {
	URL      string // of the emulator, such as http://127.0.0.1:9900
	SecretID string
	Key      string
	Token    string // of temporary credentials

	Sign     string // TC3-HMAC-SHA256 (when empty), HmacSHA1 or HmacSHA256
	Method   string // POST (when empty) or GET
	Region   string
	Language string           // en-US or zh-CN
	HTTP     *http.Client     // http.DefaultClient when nil
	Now      func() time.Time // time.Now when nil
}

// APIError is an error that the API answered.
type APIError struct{ Code, Message, RequestID string }

func (e *APIError) Error() string {
	return fmt.Sprintf("%s: %s (request %s)", e.Code, e.Message, e.RequestID)
}

// Call asks for an action with its own parameters, which may be nil, and
// returns the Response object. An error that the API answered is an
// [*APIError]; no error holds the key or the token.
func (c Client) Call(ctx context.Context, action string, parameters map[string]any) (map[string]any, error) {
	body, err := c.send(ctx, action, parameters)
	if err != nil {
		return nil, fmt.Errorf("calling %s: %w", action, err)
	}
	var envelope struct{ Response map[string]any }
	if err := json.Unmarshal(body, &envelope); err != nil || envelope.Response == nil {
		return nil, fmt.Errorf("calling %s: the answer is no envelope: %.200q", action, body)
	}
	if e, ok := envelope.Response["Error"].(map[string]any); ok {
		return nil, &APIError{fmt.Sprint(e["Code"]), fmt.Sprint(e["Message"]), fmt.Sprint(envelope.Response["RequestId"])}
	}
	return envelope.Response, nil
}

func (c Client) send(ctx context.Context, action string, parameters map[string]any) ([]byte, error) {
	base, err := url.Parse(c.URL)
	if err != nil {
		return nil, err
	}
	s, err := c.draft(base.Host, action, parameters).sign()
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, s.method, strings.TrimSuffix(c.URL, "/")+s.target, strings.NewReader(s.body))
	if err != nil {
		return nil, err
	}
	for _, h := range s.header {
		r.Header.Set(h.key, h.value)
	}
	rsp, err := cmp.Or(c.HTTP, http.DefaultClient).Do(r)
	if err != nil {
		return nil, withoutURL(err)
	}
	defer rsp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(rsp.Body, maxReply))
	if err == nil && rsp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d: %.200q", rsp.StatusCode, bytes.TrimSpace(body))
	}
	return body, err
}

// draft fills in what is left empty.
func (c Client) draft(host, action string, parameters map[string]any) draft {
	now := time.Now
	if c.Now != nil {
		now = c.Now
	}
	at := now()
	s := serviceOf(action)
	return draft{
		method: cmp.Or(c.Method, http.MethodPost), signWith: cmp.Or(c.Sign, methodTC3), host: host,
		id: c.SecretID, key: c.Key, token: c.Token, service: s.name, version: s.version, action: action,
		region: c.Region, language: c.Language, arguments: parameters, at: at, nonce: uint64(at.UnixNano()),
	}
}

// withoutURL drops the URL from an error of an HTTP client: an older signature
// has its token in there.
func withoutURL(err error) error {
	if ue, ok := err.(*url.Error); ok {
		return ue.Err
	}
	return err
}
