package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"prowatch/config"
	"prowatch/tcss"
	"prowatch/watch"
)

// Verdict says how something was found.
type Verdict string

// The verdicts of [Examine].
const (
	Good     Verdict = "ok"
	Doubtful Verdict = "warning"
	Faulty   Verdict = "fault"
)

// A Finding is what was found of one thing. It holds no secret.
type Finding struct {
	Part    string  `json:"part"`           // configuration, organization, clock, account, expiry, store or channel
	Name    string  `json:"name,omitempty"` // which account or channel
	Verdict Verdict `json:"verdict"`
	Text    string  `json:"text"`
	Mend    string  `json:"mend,omitempty"` // what to do, "" where the text says it
}

// Examine tries all that a run needs and returns what it found: the
// configuration, the clock, the key and permission of each account and whether
// its end can be watched, the store, and the channels. It asks the API once an
// account, writes nothing but a scratch record that it takes away again, and
// posts no message unless send is set: then a test message to every channel.
func Examine(ctx context.Context, o Options, send bool) []Finding {
	s, err := Settings(ctx, o)
	if err != nil {
		return unreadSettings(err)
	}
	d := &doctor{options: o, settings: s, dates: &dates{}}
	a, faults := parts(s, o, func(t http.RoundTripper) http.RoundTripper { d.dates.next = t; return d.dates })
	d.app = a
	d.configuration(append(append(faults, scheduleFaults(s)...), heartbeatFaults(s)...))
	d.organization(ctx)
	accounts := d.accounts(ctx)
	d.clock(accounts)
	for _, found := range accounts {
		d.findings = append(d.findings, found.findings...)
	}
	d.channels(ctx, d.store(ctx), send)
	return d.findings
}

// unreadSettings are the findings where there is no configuration to go by.
func unreadSettings(err error) []Finding {
	if errors.Is(err, config.ErrNothing) {
		return []Finding{{"configuration", "", Faulty, "nothing is configured",
			"write " + config.FileName + " with accounts, channels and state, or set PROWATCH_SECRET_ID, PROWATCH_SECRET_KEY and PROWATCH_CHANNEL_TYPE; prowatch demo needs neither"}}
	}
	var findings []Finding
	for line := range strings.SplitSeq(err.Error(), "\n") {
		findings = append(findings, Finding{Part: "configuration", Verdict: Faulty, Text: line})
	}
	return findings
}

type doctor struct {
	options  Options
	settings *config.Settings
	app      *App // of the parts that can be made
	dates    *dates
	findings []Finding
}

func (d *doctor) add(part, name string, v Verdict, text, mend string) {
	d.findings = append(d.findings, Finding{part, name, v, text, mend})
}

func (d *doctor) configuration(faults []error) {
	if len(faults) == 0 {
		d.add("configuration", "", Good, fmt.Sprintf("read from %s: accounts %d, channels %d, routes %d", d.settings.Origin, len(d.settings.Accounts), len(d.settings.Channels), len(d.settings.Routes)), "")
	}
	for _, err := range faults {
		d.add("configuration", "", Faulty, err.Error(), "")
	}
	for _, line := range Lint(d.settings) {
		d.add("configuration", "", Doubtful, line, "")
	}
}

// organization lists the members, who are accounts from then on.
func (d *doctor) organization(ctx context.Context) {
	o := d.settings.Organization
	if o == nil || d.app.organization() != nil {
		return
	}
	accounts, clients, err := d.app.members(ctx)
	var f *watch.Failure
	switch {
	case errors.As(err, &f):
		d.add("organization", "", Faulty, f.Error(), tcss.Mend(f))
	case err != nil:
		d.add("organization", "", Faulty, err.Error(), "")
	default:
		d.add("organization", "", Good, fmt.Sprintf("it was listed: accounts to watch by the role %s: %d", o.Role, len(accounts)-len(d.app.Runner.Accounts)), "")
		d.app.Runner.Accounts, d.app.roster.clients = accounts, clients
	}
}

// each calls do with every index below n, at most the configured number at a
// time, and waits for the last.
func (d *doctor) each(n int, do func(i int)) {
	var wg sync.WaitGroup
	turn := make(chan struct{}, max(1, d.settings.Concurrency))
	for i := range n {
		turn <- struct{}{}
		wg.Go(func() {
			defer func() { <-turn }()
			do(i)
		})
	}
	wg.Wait()
}
