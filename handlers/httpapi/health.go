package httpapi

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"prowatch/watch"
)

// An open path must not load the store: what it says is kept for a while, the
// longer the more accounts there are to read.
const (
	healthKept        = 10 * time.Second
	healthKeptAccount = 6 * time.Millisecond // for each account
	healthTime        = 5 * time.Second      // to read what is remembered
)

// The reasons why prowatch is failing. They tell nothing of any account.
const (
	noRun       = "no run yet"
	noGoodRun   = "no good run lately"
	unchecked   = "accounts not checked lately"
	noChannel   = "every channel fails"
	noMemory    = "what is remembered cannot be read"
	statusOK    = "ok"
	statusFails = "failing"
)

// health remembers for a moment how prowatch is.
type health struct {
	since time.Time // when this process began to look

	mu      sync.Mutex
	at      time.Time
	reasons []string
	met     map[string]time.Time // accounts that were never checked, by when they were seen first
}

// healthBody is the answer of /healthz.
type healthBody struct {
	Status  string   `json:"status"`
	Reasons []string `json:"reasons"`
}

func (c *call) getHealth(w http.ResponseWriter) error {
	reasons := c.healthReasons()
	body, status := healthBody{statusOK, reasons}, http.StatusOK
	if len(reasons) > 0 {
		body.Status, status = statusFails, http.StatusServiceUnavailable
	}
	return c.answer(w, status, body)
}

// healthReasons returns why prowatch is failing, from a moment ago at most.
// Whoever asks meanwhile waits for the one that looks.
func (c *call) healthReasons() []string {
	h := &c.health
	h.mu.Lock()
	defer h.mu.Unlock()
	kept := max(healthKept, time.Duration(len(c.Runner().Accounts))*healthKeptAccount)
	if age := c.now.Sub(h.at); h.reasons != nil && age < kept && age > -kept {
		return h.reasons
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Context()), healthTime)
	defer cancel()
	h.at, h.reasons = c.now, c.look(ctx)
	return h.reasons
}

// look returns why prowatch is failing, never nil.
func (c *call) look(ctx context.Context) []string {
	reasons := []string{}
	add := func(is bool, reason string) {
		if is {
			reasons = append(reasons, reason)
		}
	}
	runner := c.Runner()
	runs, err1 := runner.Runs(ctx)
	records, err2 := runner.Records(ctx)
	channels, err3 := runner.ChannelRecords(ctx)
	for _, err := range []error{err1, err2, err3} {
		if err != nil && len(reasons) == 0 {
			c.Logger.Warn("health", zap.String("request_id", c.id), zap.Error(err))
			add(true, noMemory)
		}
	}
	if err1 == nil {
		add(runs.GoodAt.IsZero(), noRun)
		add(!runs.GoodAt.IsZero() && c.now.Sub(runs.GoodAt) > longestStale(runner), noGoodRun)
	}
	add(err2 == nil && c.anyStale(runner, records, &runs), unchecked)
	works := func(rec watch.ChannelRecord) bool { return rec.Failures == 0 }
	add(err3 == nil && len(channels) > 0 && !slices.ContainsFunc(channels, works), noChannel)
	return reasons
}

// longestStale is how long a good run over all accounts may be ago.
func longestStale(r *watch.Runner) time.Duration {
	longest := time.Duration(watch.DefaultPolicy().StaleAfter)
	for i := range r.Accounts {
		if after := time.Duration(r.Accounts[i].Policy.StaleAfter); i == 0 || after > longest {
			longest = after
		}
	}
	return longest
}

// anyStale reports whether an account was not checked for too long. One that
// never was is known since this process began or met it, or since a run left it
// out.
func (c *call) anyStale(r *watch.Runner, records []watch.Record, runs *watch.Runs) (stale bool) {
	skipped := map[string]time.Time{}
	for _, run := range slices.Backward(runs.Last) {
		for _, id := range run.Skipped {
			skipped[id] = run.Began
		}
	}
	first := c.health.met == nil
	met := map[string]time.Time{}
	for i := range records {
		since := records[i].SeenAt
		if since.IsZero() {
			since = c.health.meet(met, records[i].Account, c.now, first)
			for _, at := range []time.Time{skipped[records[i].Account], records[i].KnownAt} {
				if !at.IsZero() && at.Before(since) {
					since = at
				}
			}
		}
		if c.now.Sub(since) > time.Duration(r.Accounts[i].Policy.StaleAfter) {
			stale = true
		}
	}
	c.health.met = met
	return stale
}

// meet notes in met, and returns, since when an account is known that was never
// checked. At the first look it is since this process began; one that comes later
// joined an organisation.
func (h *health) meet(met map[string]time.Time, account string, now time.Time, first bool) time.Time {
	since, ok := h.met[account]
	switch {
	case ok:
	case first:
		since = h.since
	default:
		since = now
	}
	met[account] = since
	return since
}
