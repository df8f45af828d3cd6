package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"prowatch/notify/sink"
	"prowatch/watch"
)

// pulse is a service that watches cron jobs: it notes what it is told.
type pulse struct {
	mu   sync.Mutex
	told []string
}

func (p *pulse) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = append(p.told, strings.TrimPrefix(r.URL.Path, "/canary"))
	_, _ = io.WriteString(w, "OK")
}

func (p *pulse) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	told := p.told
	p.told = nil
	return told
}

const hookRow = `{type: wecom, url: "%s/send?key=k"}`

// pulsed is a town with a heartbeat, a word of life and a line for CloudWatch.
func pulsed(t *testing.T) (*town, *pulse, *bytes.Buffer) {
	t.Helper()
	p := new(pulse)
	srv := httptest.NewServer(p)
	t.Cleanup(srv.Close)
	more := "heartbeat: {url: \"" + srv.URL + "/canary\"}\ndigest: {channel: sec, cron: \"23 9 * * 1\"}\n"
	w := newTown(t, 2, map[string]string{"sec": hookRow}, more, map[string]http.Handler{"sec": sink.NewWeCom("k", nil)})
	var emf bytes.Buffer
	w.around.emf = &emf
	end := w.now().Add(400 * 24 * time.Hour)
	w.says = func(string) watch.Edition { return ending(end) }
	return w, p, &emf
}

func TestWholeRunsAreToldToTheHeartbeat(t *testing.T) {
	w, p, _ := pulsed(t)
	check := func(name string, want ...string) {
		t.Helper()
		if got := p.take(); !slices.Equal(got, want) {
			t.Errorf("%s: the heartbeat got %q, want %q", name, got, want)
		}
	}
	w.run(t, 0)
	check("a whole run", "/start", "")
	if _, err := w.Run(t.Context(), []string{"acme-0000"}); err != nil {
		t.Fatal(err)
	}
	check("a run over one account")
	w.Runner.DryRun = true
	w.run(t, 0)
	check("a dry run")
	w.Runner.DryRun = false
	w.Runner.Accounts[0].Source = sourceFunc(func(context.Context) (watch.Reading, error) { return watch.Reading{}, errors.New("away") })
	w.Runner.Accounts[1].Source = w.Runner.Accounts[0].Source
	w.run(t, time.Hour)
	check("a run in which every check fails", "/start", "/fail")
	w.Runner.Store = nil
	if _, err := w.Run(t.Context(), nil); err == nil {
		t.Error("a run without a store was possible")
	}
	check("a run that is not possible", "/start", "/fail")
}

func TestARunThatPanicsIsToldToTheHeartbeat(t *testing.T) {
	w, p, _ := pulsed(t)
	w.says = func(string) watch.Edition { panic("the source broke") }
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_, _ = w.Run(t.Context(), nil)
	}()
	if got, want := p.take(), []string{"/start", "/fail"}; !slices.Equal(got, want) {
		t.Errorf("the heartbeat got %q, want %q", got, want)
	}
	rec := httptest.NewRecorder()
	w.Metrics.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	if !strings.Contains(rec.Body.String(), `prowatch_runs_total{result="failed"} 1`) {
		t.Error("the metrics do not count it as failed")
	}
}

// TestAHeartbeatThatIsGoneFailsNoRun also holds its URL out of the log.
func TestAHeartbeatThatIsGoneFailsNoRun(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	w := newTown(t, 1, map[string]string{"sec": hookRow}, "heartbeat: {url: \""+srv.URL+"/canary\"}\n", map[string]http.Handler{"sec": sink.NewWeCom("k", nil)})
	w.says = func(string) watch.Edition { return ending(w.now().Add(400 * 24 * time.Hour)) }
	core, logs := observer.New(zap.DebugLevel)
	w.around.log = zap.New(core)
	if report := w.run(t, 0); report.Counts().Checked != 1 || len(report.Errs) != 0 {
		t.Errorf("the run was %+v", report)
	}
	if logs.FilterMessage("heartbeat").Len() != 2 {
		t.Errorf("the log has %v, want two pings that failed", logs.All())
	}
	for _, e := range logs.All() {
		if text := e.Message + e.ContextMap()["error"].(string); strings.Contains(text, "canary") || strings.Contains(text, srv.URL) {
			t.Errorf("the log holds the URL: %s", text)
		}
	}
}

// TestMondayMorningBringsAWordOfLife goes by the zone of the policy: the town
// begins on a Tuesday, 09:07 in Shanghai, and a word is due on Mondays at 09:23.
func TestMondayMorningBringsAWordOfLife(t *testing.T) {
	w, _, _ := pulsed(t)
	words := func() (n int) {
		for _, m := range w.inbox["sec"].Messages() {
			n += strings.Count(m.Text, "prowatch is alive: 2 accounts, all Normal; next end acme-0000 in ")
		}
		return n
	}
	w.run(t, 0)
	for _, step := range []struct {
		after time.Duration
		want  int
	}{
		{6*24*time.Hour + 15*time.Minute, 0}, // Monday 09:22
		{time.Minute, 1},
		{time.Minute, 1},
		{15 * 24 * time.Hour, 2},
	} {
		report := w.run(t, step.after)
		if got := words(); got != step.want {
			t.Errorf("at %s there were %d words, want %d; the run was %+v", w.now().In(shanghai).Format("Mon 15:04"), got, step.want, report)
		}
	}
}

func TestARunIsCountedAndALineForCloudWatch(t *testing.T) {
	w, _, emf := pulsed(t)
	w.run(t, 0)
	w.Runner.DryRun = true
	w.run(t, 0)
	if got := emf.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, `"Checked":2,`) || !strings.Contains(got, `"MinDaysLeft":400,`) {
		t.Errorf("CloudWatch got %q, want one line of the one run", got)
	}
	rec := httptest.NewRecorder()
	w.Metrics.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	for _, line := range []string{
		`prowatch_runs_total{result="good"} 1`, `prowatch_checks_total{result="good"} 2`, `prowatch_notices_total{severity="info",type="baseline.recorded"} 2`,
		`prowatch_deliveries_total{channel="sec",outcome="sent"} 1`, `prowatch_account_status{account="acme-0001",status="Normal"} 1`, `prowatch_state_readable 1`,
	} {
		if !strings.Contains(rec.Body.String(), "\n"+line+"\n") {
			t.Errorf("the metrics lack %s", line)
		}
	}
}

func TestWhatStandsAroundRunsIsCheckedAtTheStart(t *testing.T) {
	const head = "accounts: [{id: acme, secret_id: AKIDx, secret_key: canary-key}]\nchannels: {out: {type: stdout}}\n"
	for _, tt := range []struct{ document, want string }{
		{head + `heartbeat: {url: "http://canary.example.com/x"}`, "heartbeat.url: is http://"},
		{head + `digest: {channel: out, cron: "61 9 * * 1"}`, `digest.cron: "61 9 * * 1" is no schedule`},
	} {
		_, err := open(t, tt.document)
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}
