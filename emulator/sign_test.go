package emulator_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"prowatch/emulator"
)

// noon is what the machine's clock shows in tests that set it.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// ask is a request to be signed, by hand so that it can be signed wrongly.
// Its zero value asks for the edition as an SDK would.
type ask struct {
	id, key, token          string
	action, version         string
	service, host, path     string
	query, body, media      string
	method                  string
	at                      time.Time
	language, payload, date string
	header                  map[string]string
}

// with fills in what an SDK would have.
func (a ask) with() ask {
	for _, d := range []struct {
		field *string
		value string
	}{
		{&a.id, emulator.DefaultSecretID}, {&a.key, emulator.DefaultSecretKey},
		{&a.action, "DescribeProVersionInfo"}, {&a.version, "2020-11-01"},
		{&a.service, "tcss"}, {&a.host, "127.0.0.1:9900"}, {&a.path, "/"},
		{&a.media, "application/json"}, {&a.method, http.MethodPost},
	} {
		if *d.field == "" {
			*d.field = d.value
		}
	}
	if a.at.IsZero() {
		a.at = noon
	}
	if a.date == "" {
		a.date = a.at.UTC().Format(time.DateOnly)
	}
	return a
}

// tc3 signs with TC3-HMAC-SHA256.
func (a ask) tc3() *http.Request {
	a = a.with()
	target := a.path
	if a.query != "" {
		target += "?" + a.query
	}
	r := httptest.NewRequest(a.method, target, strings.NewReader(a.body))
	r.Host = a.host
	stamp := strconv.FormatInt(a.at.Unix(), 10)
	for k, v := range map[string]string{
		"Content-Type": a.media, "X-TC-Action": a.action, "X-TC-Version": a.version,
		"X-TC-Timestamp": stamp, "X-TC-Token": a.token, "X-TC-Language": a.language,
		"X-TC-Content-SHA256": a.payload,
	} {
		if v != "" {
			r.Header.Set(k, v)
		}
	}
	r.Header.Set("Authorization", a.authorization(a.query))
	for k, v := range a.header {
		r.Header.Set(k, v)
	}
	return r
}

// authorization is the header for a request with that query.
func (a ask) authorization(query string) string {
	a = a.with()
	payload := a.body
	if a.payload == "UNSIGNED-PAYLOAD" {
		payload = a.payload
	}
	canonical := fmt.Sprintf("%s\n/\n%s\ncontent-type:%s\nhost:%s\n\ncontent-type;host\n%s",
		a.method, query, strings.ToLower(a.media), a.host, sha(payload))
	scope := a.date + "/" + a.service + "/tc3_request"
	toSign := fmt.Sprintf("TC3-HMAC-SHA256\n%d\n%s\n%s", a.at.Unix(), scope, sha(canonical))
	k := hmac256(hmac256(hmac256("TC3"+a.key, a.date), a.service), "tc3_request")
	return fmt.Sprintf("TC3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=content-type;host, Signature=%x",
		a.id, scope, hmac256(k, toSign))
}

// v1 signs with HmacSHA1. extra are more parameters, signed like the others;
// one that is empty is left out.
func (a ask) v1(extra map[string]string) *http.Request {
	a = a.with()
	ps := url.Values{
		"Action": {a.action}, "Version": {a.version}, "Timestamp": {strconv.FormatInt(a.at.Unix(), 10)},
		"Nonce": {"9223372036854775807"}, "SecretId": {a.id}, "Region": {""}, "Language": {a.language},
	}
	for k, v := range extra {
		ps.Set(k, v)
		if v == "" {
			ps.Del(k)
		}
	}
	var pairs []string
	for k := range ps {
		pairs = append(pairs, k+"="+ps.Get(k))
	}
	slices.Sort(pairs)
	h := hmac.New(sha1.New, []byte(a.key))
	h.Write([]byte(a.method + a.host + a.path + "?" + strings.Join(pairs, "&")))
	ps.Set("Signature", base64.StdEncoding.EncodeToString(h.Sum(nil)))
	target, body := a.path, ps.Encode()
	if a.method == http.MethodGet {
		target, body = a.path+"?"+body, ""
	}
	r := httptest.NewRequest(a.method, target, strings.NewReader(body))
	r.Host = a.host
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func sha(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func hmac256(key, s string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(s))
	return string(h.Sum(nil))
}

// reply is an answer of the API, decoded.
type reply struct {
	Response map[string]any
	err      struct{ Code, Message string }
}

// send sends r to h and decodes the envelope, which must be well-formed.
func send(t testing.TB, h http.Handler, r *http.Request) reply {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	body, _ := io.ReadAll(w.Body)
	if w.Code != http.StatusOK {
		t.Errorf("status = %d, want 200 always", w.Code)
	}
	var got reply
	var e struct {
		Response struct {
			Error struct{ Code, Message string }
		}
	}
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatalf("answer %q: %v", body, err)
	}
	_ = json.Unmarshal(body, &e)
	got.err = e.Response.Error
	if id, _ := got.Response["RequestId"].(string); len(id) != 36 {
		t.Errorf("RequestId = %q, want a UUID in every answer", id)
	}
	return got
}

// atNoon returns an emulator whose machine's clock stands still at noon.
func atNoon(opts emulator.Options) *emulator.Emulator {
	opts.Now = func() time.Time { return noon }
	return emulator.New(&opts)
}
