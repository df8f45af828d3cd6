package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.uber.org/zap"

	"prowatch/handlers"
	"prowatch/watch"
)

func (c *call) postCheck(w http.ResponseWriter) error {
	q := c.parameters("account")
	if q.fault != nil {
		return q.fault
	}
	if err := c.noBody(); err != nil {
		return err
	}
	report, err := c.check(q.Values["account"])
	if err != nil {
		return err
	}
	return c.answer(w, http.StatusOK, report.Counts())
}

// check does a run over the accounts, or over all where none is named. One at a
// time: a run holds what it found of every account in memory.
func (c *call) check(accounts []string) (*watch.Report, error) {
	runner := c.Runner()
	for _, id := range accounts {
		if _, err := findAccount(runner, id); err != nil {
			return nil, err
		}
	}
	select {
	case c.checking <- struct{}{}:
	default:
		f := faultf(http.StatusConflict, "a check is under way: wait until it ends")
		f.header = http.Header{"Retry-After": {"5"}}
		return nil, f
	}
	defer func() { <-c.checking }()
	report, err := c.Check(c.Context(), accounts)
	handlers.LogRun(c.Logger.With(zap.String("request_id", c.id), zap.String("source", "http")), report, "", err)
	if err != nil {
		return nil, faultf(http.StatusServiceUnavailable, "no run was possible; the log has more, under this request id")
	}
	if !report.Done() {
		counts := report.Counts()
		f := faultf(http.StatusServiceUnavailable, "nothing could be done; the log has more, under this request id")
		f.counts = &counts
		return nil, f
	}
	if len(accounts) == 0 && report.Counts().Accounts == 0 && len(c.Runner().Accounts) > 0 {
		f := faultf(http.StatusConflict, "the workers are at all accounts already: wait until they have done")
		f.header = http.Header{"Retry-After": {"60"}}
		return nil, f
	}
	return report, nil
}

func (c *call) postTest(w http.ResponseWriter) error {
	q := c.parameters("channel")
	if q.fault != nil {
		return q.fault
	}
	if err := c.noBody(); err != nil {
		return err
	}
	runner := c.Runner()
	channels := slices.Compact(slices.Sorted(slices.Values(q.Values["channel"])))
	for _, name := range channels {
		if err := findChannel(runner, name); err != nil {
			return err
		}
	}
	if len(channels) == 0 {
		channels = runner.ChannelNames()
	}
	entry, err := runner.Trial(c.Context(), channels...)
	if err != nil {
		return err
	}
	return c.answer(w, http.StatusOK, entry)
}

// answer answers with v, which is of this moment alone.
func (c *call) answer(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return send(w, status, "application/json", append(body, '\n'))
}

func (c *call) muteAccount(w http.ResponseWriter) error {
	id := c.PathValue("id")
	runner := c.Runner()
	if _, err := findAccount(runner, id); err != nil {
		return err
	}
	return c.mute(w, func(ctx context.Context, m *watch.Mute) error { return runner.MuteAccount(ctx, id, m) })
}

func (c *call) muteChannel(w http.ResponseWriter) error {
	name := c.PathValue("name")
	runner := c.Runner()
	if err := findChannel(runner, name); err != nil {
		return err
	}
	return c.mute(w, func(ctx context.Context, m *watch.Mute) error { return runner.MuteChannel(ctx, name, m) })
}

// mute sets a mute, or takes it back.
func (c *call) mute(w http.ResponseWriter, set func(context.Context, *watch.Mute) error) error {
	if q := c.parameters(); q.fault != nil {
		return q.fault
	}
	if c.Method == http.MethodDelete {
		if err := set(c.Context(), nil); err != nil {
			return err
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	m, err := c.readMute()
	if err != nil {
		return err
	}
	if err := set(c.Context(), m); err != nil {
		return err
	}
	return c.answer(w, http.StatusOK, m)
}

// muteBody is a mute as it is asked for.
type muteBody struct {
	Until  string `json:"until"`
	For    string `json:"for"`
	Reason string `json:"reason"`
	All    bool   `json:"all"`
}

// readMute reads the body strictly: its keys are exact, and none is null.
func (c *call) readMute() (*watch.Mute, error) {
	if mediaType, _, _ := mime.ParseMediaType(c.Header.Get("Content-Type")); mediaType != "application/json" {
		return nil, faultf(http.StatusUnsupportedMediaType, "the body must be JSON: send Content-Type: application/json")
	}
	data, err := io.ReadAll(c.Body)
	if err != nil {
		return nil, err
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(data, &keys); err != nil || keys == nil || !utf8.Valid(data) {
		return nil, faultf(http.StatusBadRequest, `the body must be a JSON object, such as {"for": "2h", "reason": "contract talks"}`)
	}
	var b muteBody
	fields := map[string]any{"until": &b.Until, "for": &b.For, "reason": &b.Reason, "all": &b.All}
	for key, value := range keys {
		field, ok := fields[key]
		switch {
		case !ok:
			return nil, faultf(http.StatusBadRequest, "%.40q is no key of a mute: it has %s", key, strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
		case string(value) == "null" || json.Unmarshal(value, field) != nil:
			return nil, faultf(http.StatusBadRequest, "%s has a value of the wrong kind: all is true or false, the others are texts", key)
		}
	}
	_, hasUntil := keys["until"]
	_, hasFor := keys["for"]
	return b.mute(c.now, hasUntil, hasFor)
}

// maxReason bounds a reason, in characters.
const maxReason = 200

// mute returns the mute that is asked for: without until and for one without end.
func (b *muteBody) mute(now time.Time, hasUntil, hasFor bool) (*watch.Mute, error) {
	bad := func(format string, args ...any) (*watch.Mute, error) {
		return nil, faultf(http.StatusBadRequest, "%s", fmt.Sprintf(format, args...))
	}
	m := &watch.Mute{Since: now.UTC(), Reason: b.Reason, All: b.All}
	switch {
	case hasUntil && hasFor:
		return bad("give for or until, not both")
	case hasFor:
		d, err := watch.ParseDuration(b.For)
		if err != nil || d == 0 {
			return bad("for must be a duration such as 2h or 3d")
		}
		m.Until = now.Add(time.Duration(d)).UTC()
	case hasUntil:
		t, err := time.Parse(time.RFC3339, b.Until)
		if err != nil {
			return bad("until must be a time such as 2026-01-31T08:00:00+08:00")
		}
		if !t.After(now) {
			return bad("until is past")
		}
		m.Until = t.UTC()
	}
	if utf8.RuneCountInString(b.Reason) > maxReason || strings.ContainsFunc(b.Reason, unicode.IsControl) {
		return bad("reason must be one line of at most %d characters", maxReason)
	}
	return m, nil
}

// noBody refuses a body: what it asks for would be passed over.
func (c *call) noBody() error {
	n, err := c.Body.Read(make([]byte, 1))
	if n > 0 {
		return faultf(http.StatusBadRequest, "this takes no body: what to do stands in the query")
	}
	if err != io.EOF {
		return err
	}
	return nil
}
