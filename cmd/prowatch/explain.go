package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"prowatch/app"
	"prowatch/watch"
)

const explainHelp = `Explain says why the last run said something of an account, or why it did not:
what the API answered and what is believed, which thresholds were announced and
which come next, what is open and when it is repeated, and what is owed to which
channel and why it waits. It asks no API and tells nobody. With one account
configured the id may be left out.`

func (p *process) explainVerb() *cobra.Command {
	var out output
	cmd := verb("explain [ACCOUNT]", "Say why the last run said something, or did not", explainHelp, wantArgs(0, 1, "one account id at most"),
		func(cmd *cobra.Command, args []string) error {
			a, err := app.New(cmd.Context(), p.options(app.Look))
			if err != nil {
				return failed(err)
			}
			p.warn(a)
			i, err := explained(a, args)
			if err != nil {
				return err
			}
			x, unread := p.explain(cmd, a, i)
			if out.json() {
				err = printJSON(p.stdout, x)
			} else {
				err = x.print(p)
			}
			if err := errors.Join(err, unread); err != nil {
				return failed(err)
			}
			return nil
		})
	cmd.Example = "  prowatch explain acme-prod\n  prowatch explain acme-prod --output json"
	out.add(cmd, "table", "json")
	return cmd
}

// explained returns which account to explain.
func explained(a *app.App, args []string) (int, error) {
	ids := a.Runner.AccountIDs()
	if len(args) == 0 && len(ids) == 1 {
		return 0, nil
	}
	if len(args) == 0 {
		return 0, usage(fmt.Errorf("%d accounts are configured: say which, as in prowatch explain %s", len(ids), ids[0]))
	}
	if err := knownAccount(a, args[0]); err != nil || args[0] == "" {
		return 0, cmp.Or(err, usage(errors.New("the account's id is empty")))
	}
	return slices.Index(ids, args[0]), nil
}

// explanation is what explain --output json prints.
type explanation struct {
	Account    string            `json:"account"`
	SeenAt     time.Time         `json:"seen_at,omitzero"`
	GoodAt     time.Time         `json:"good_at,omitzero"`
	Latest     *watch.Sighting   `json:"latest,omitempty"`
	Believed   watch.Edition     `json:"believed"`
	Candidates []candidateAnswer `json:"candidates"`
	EndTime    time.Time         `json:"end_time,omitzero"`
	Thresholds []thresholdAnswer `json:"thresholds"`
	Problems   []problemAnswer   `json:"problems"`
	Failures   int               `json:"failures"`
	Failure    *watch.Failure    `json:"failure,omitempty"`
	Mute       *watch.Mute       `json:"mute,omitempty"`
	Said       []watch.Entry     `json:"said"` // by the last check
	Owed       []owedAnswer      `json:"owed"` // and what was given up
	Remarks    []remark          `json:"remarks"`
	policy     *watch.Policy     // of the account
	channels   []watch.ChannelRecord
	now        time.Time
}

type candidateAnswer struct {
	Part     string `json:"part"` // status, end, capacity or resource
	Value    string `json:"value"`
	Believed string `json:"believed"`
	Seen     int    `json:"seen"`
	Confirm  int    `json:"confirm"`
}

type thresholdAnswer struct {
	Threshold watch.Duration `json:"threshold"` // 0 for the end itself
	At        time.Time      `json:"at"`
	State     string         `json:"state"` // announced, due or ahead
}

type problemAnswer struct {
	watch.Problem
	NextReminder time.Time `json:"next_reminder,omitzero"`
}

type owedAnswer struct {
	Notice   string         `json:"notice"`
	Type     watch.Type     `json:"type"`
	Severity watch.Severity `json:"severity"`
	Channel  string         `json:"channel"`
	State    watch.State    `json:"state"`
	Since    time.Time      `json:"since,omitzero"`
	Why      string         `json:"why"`
}

// remark is a sentence and what it is about.
type remark struct {
	Topic string `json:"topic"`
	Text  string `json:"text"`
}

// explain gathers the facts, then says them.
func (p *process) explain(cmd *cobra.Command, a *app.App, i int) (*explanation, error) {
	records, err1 := a.Runner.Records(cmd.Context())
	channels, err2 := a.Runner.ChannelRecords(cmd.Context())
	runs, err3 := a.Runner.Runs(cmd.Context())
	rec := records[i]
	x := &explanation{Account: rec.Account, SeenAt: rec.SeenAt, GoodAt: rec.GoodAt, Believed: rec.Believed, Failures: rec.Failures,
		Candidates: []candidateAnswer{}, Thresholds: []thresholdAnswer{}, Problems: []problemAnswer{}, Said: []watch.Entry{}, Owed: []owedAnswer{}, Remarks: []remark{},
		policy: &a.Runner.Accounts[i].Policy, channels: channels, now: p.now()}
	if rec.Latest.Status != "" {
		x.Latest = &rec.Latest
	}
	if rec.Failures > 0 {
		x.Failure = &rec.LastFailure
	}
	if mutedAt(rec.Mute, x.now) {
		x.Mute = rec.Mute
	}
	x.candidates(&rec)
	x.thresholds(&rec)
	x.problems(&rec)
	x.ledger(&rec)
	if rec.SeenAt.IsZero() && err1 != nil {
		x.add("check", "Not all that is remembered could be read, so nothing can be explained.")
	} else {
		x.say(lastRun(runs, rec.Account))
	}
	return x, errors.Join(err1, err2, err3)
}

// lastRun returns the last run, and whether it did not come to the account.
func lastRun(runs watch.Runs, account string) (last *watch.Run, skipped bool) {
	if len(runs.Last) == 0 {
		return nil, false
	}
	last = &runs.Last[len(runs.Last)-1]
	return last, slices.Contains(last.Skipped, account)
}

func (x *explanation) candidates(rec *watch.Record) {
	c := &rec.Candidates
	for _, part := range []struct {
		name, believed string
		watch.Candidate
	}{
		{"status", string(rec.Believed.Status), c.Status}, {"end", rec.Believed.EndTime, c.End},
		{"capacity", capacityText(capacityBelieved(rec)), c.Capacity}, {"resource", rec.Believed.ResourceID, c.Resource},
	} {
		if part.Seen == 0 {
			continue
		}
		value := part.Value
		if part.name == "capacity" {
			value = capacityText(value)
		}
		x.Candidates = append(x.Candidates, candidateAnswer{part.name, value, part.believed, part.Seen, x.policy.Confirm})
	}
}

// capacityText says a candidate for capacity in words.
func capacityText(candidate string) string {
	cores, limit, _ := strings.Cut(candidate, "/")
	if cores == "short" {
		return "cores to buy, with the elastic limit " + limit
	}
	return "no cores to buy, with the elastic limit " + limit
}

// capacityBelieved is in the words of a candidate for capacity.
func capacityBelieved(rec *watch.Record) string {
	text := "enough"
	if rec.Candidates.Capacity.Cores > 0 {
		text = "short"
	}
	return fmt.Sprintf("%s/%d", text, rec.Believed.MaxPostPayCoresCnt)
}

func (x *explanation) thresholds(rec *watch.Record) {
	end, err := watch.ParseTime(rec.Believed.EndTime, x.policy.Zone)
	if err != nil || end.IsZero() {
		return
	}
	x.EndTime = end
	if rec.Believed.Status != watch.Normal {
		return
	}
	all := append(slices.Clone(x.policy.Thresholds), 0)
	slices.Sort(all)
	for _, t := range slices.Backward(slices.Compact(all)) {
		a := thresholdAnswer{Threshold: t, At: end.Add(-time.Duration(t)), State: "ahead"}
		switch {
		case rec.Announced.Set && rec.Announced.Left <= t:
			a.State = "announced"
		case !a.At.After(x.now):
			a.State = "due"
		}
		x.Thresholds = append(x.Thresholds, a)
	}
}

func (x *explanation) problems(rec *watch.Record) {
	for _, problem := range rec.Problems {
		a := problemAnswer{Problem: problem}
		reminded := problem.Name == watch.ProblemStatus || problem.Name == watch.ProblemCheck ||
			problem.Name == watch.ProblemExpiry && !x.EndTime.After(x.now)
		if reminded && x.policy.RemindEvery > 0 {
			a.NextReminder = problem.Last.Add(time.Duration(x.policy.RemindEvery))
		}
		x.Problems = append(x.Problems, a)
	}
}

// ledger finds what the last check said, and what did not arrive.
func (x *explanation) ledger(rec *watch.Record) {
	for i := range rec.Ledger {
		e := &rec.Ledger[i]
		if e.Notice.At.Equal(rec.SeenAt) {
			x.Said = append(x.Said, *e)
		}
		for _, name := range slices.Sorted(maps.Keys(e.Receipts)) {
			if r := e.Receipts[name]; r.State.Open() || r.State == watch.StateDead || r.State == watch.StateUnknown {
				x.Owed = append(x.Owed, owedAnswer{e.Notice.ID, e.Notice.Type, e.Notice.Severity, name, r.State, r.Since, x.waits(name, r)})
			}
		}
	}
}
