package web

import (
	"strconv"
	"strings"
	"time"

	"prowatch/watch"
)

func itoa(n int) string { return strconv.Itoa(n) }

// A channel is one as the overview shows it.
type channel struct {
	Name, Type string
	State      badge
	Good       *moment // the last message proved or accepted
	Failing    string  // how many messages in a row, "" if it works
	Since      *moment
	Code, Text string // the last error
	Paused     *moment
	Mute       *mute
}

func (v *view) channel(c *watch.ChannelStatus) channel {
	ch := channel{Name: c.Name, Type: c.Type, Good: v.clock.moment(c.GoodAt), Mute: v.muteOf(c.Mute, v.clock)}
	ch.State = badge{good, v.words.Say("channel.ok")}
	if c.GoodAt.IsZero() {
		ch.State = badge{none, v.words.Say("channel.unused")}
	}
	if c.PausedUntil.After(v.now) {
		ch.Paused, ch.State = v.clock.moment(c.PausedUntil), badge{warn, v.words.Say("channel.paused")}
	}
	if c.Failures > 0 {
		ch.State = badge{bad, v.words.Say("channel.failing")}
		ch.Failing, ch.Since = v.words.count("refused", c.Failures), v.clock.moment(c.FailingSince)
		ch.Code, ch.Text = c.LastError.Code, c.LastError.Text
	}
	return ch
}

// broken names the channels that fail, "" where none does.
func (v *view) broken() string {
	var names []string
	for _, c := range v.Overview.Channels {
		if c.Failures > 0 {
			names = append(names, c.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return v.words.count("broken", len(names), "list", strings.Join(names, v.words.Say("comma")))
}

// A run is the last one in words.
type run struct {
	Began   *moment
	Took    string
	Figures []badge
	Whole   bool    // it was the last good run over all accounts
	Good    *moment // when that was
	Late    bool    // that is too long ago
	Skipped []string
}

// maxSkipped is how many accounts that a run did not come to are named.
const maxSkipped = 10

func (v *view) run() *run {
	last := v.Overview.LastRun
	if last == nil {
		return nil
	}
	r := &run{Began: v.clock.moment(last.Began), Took: took(last.Took), Good: v.clock.moment(v.Overview.GoodAt)}
	r.Whole = last.Began.Equal(v.Overview.GoodAt)
	r.Late = v.now.Sub(v.Overview.GoodAt) > v.staleAfter()
	r.Figures = append(r.Figures, badge{none, v.words.count("run.checked", last.Checked, "accounts", last.Accounts)})
	for _, f := range []struct {
		key string
		n   int
		k   kind
	}{
		{"run.failed", last.Failed, bad}, {"run.skipped", last.Counts.Skipped, warn}, {"run.notices", last.Notices, none},
		{"run.sent", last.Sent, none}, {"run.pending", last.Pending, none},
	} {
		if text := v.some(f.key, f.n); text != "" {
			r.Figures = append(r.Figures, badge{f.k, text})
		}
	}
	r.Skipped = last.Skipped[:min(len(last.Skipped), maxSkipped)]
	if more := len(last.Skipped) - len(r.Skipped); more > 0 {
		r.Skipped = append(r.Skipped[:len(r.Skipped):len(r.Skipped)], v.words.Say("run.more", "n", more))
	}
	return r
}

// staleAfter is how old the last good run may be: as old as the most patient
// account may go unchecked.
func (v *view) staleAfter() time.Duration {
	var most time.Duration
	for i := range v.Overview.Accounts {
		most = max(most, time.Duration(policyOf(&v.Overview.Accounts[i]).StaleAfter))
	}
	return most
}

// took writes how long a run took, in seconds.
func took(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s" }
