package main

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"prowatch/watch"
)

// source answers the same for ever, or fails for ever.
type source struct {
	reading watch.Reading
	failure *watch.Failure
}

func (s *source) Read(context.Context) (watch.Reading, error) {
	if s.failure != nil {
		return watch.Reading{}, s.failure
	}
	return s.reading, nil
}

// takes proves every message.
type takes struct{}

func (takes) Send(context.Context, watch.Message) watch.Outcome {
	return watch.Outcome{Result: watch.Sent}
}

// memory is a store without a disk, for runs by the hundred.
type memory struct {
	mu      sync.Mutex
	records map[string]string // the version, a space, the bytes
	writes  int
}

func (m *memory) Load(_ context.Context, key string) ([]byte, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	version, data, ok := strings.Cut(m.records[key], " ")
	if !ok {
		return nil, "", watch.ErrNotFound
	}
	return []byte(data), version, nil
}

func (m *memory) Save(_ context.Context, key string, data []byte, expected string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if version, _, _ := strings.Cut(m.records[key], " "); version != expected {
		return "", watch.ErrConflict
	}
	m.writes++
	version := strconv.Itoa(m.writes)
	m.records[key] = version + " " + string(data)
	return version, nil
}

func (m *memory) Delete(context.Context, string, string) error { return watch.ErrConflict }

func (m *memory) List(context.Context, string) iter.Seq2[string, error] {
	return func(func(string, error) bool) {}
}

// world is a runner whose clock stands where the test puts it.
type world struct {
	*watch.Runner
	source *source
	now    time.Time
	daily  cron.Schedule
}

func newWorld(t *testing.T) *world {
	t.Helper()
	daily, err := cron.ParseStandard("17 9 * * *")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{source: &source{}, daily: daily, now: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)}
	w.source.reading.Edition = watch.Edition{Status: watch.Normal, EndTime: "2026-04-05 00:00:00"}
	w.Runner = &watch.Runner{
		Accounts: []watch.Account{{ID: "acme", Policy: watch.DefaultPolicy(), Source: w.source, Labels: map[string]string{"team": "sec"}}},
		Channels: []watch.Channel{{Name: "log", Notifier: takes{}, Single: true}, {Name: "pager", Notifier: takes{}, Single: true}},
		Routes: watch.Routes{
			{Match: watch.Match{Severity: []watch.Severity{watch.Critical}}, Channels: []string{"pager"}, Continue: true},
			{Match: watch.Match{Type: []string{"check.recovered"}}},
			{Channels: []string{"log"}},
		},
		Store: &memory{records: map[string]string{}}, Now: func() time.Time { return w.now },
	}
	return w
}

func (w *world) run(t *testing.T) []watch.Notice {
	t.Helper()
	report, err := w.Run(t.Context())
	if err != nil || len(report.Errs) > 0 || report.Accounts[0].Err != nil {
		t.Fatal(err, report)
	}
	return report.Notices
}

func (w *world) seer(t *testing.T) *seer {
	t.Helper()
	data, _, err := w.Store.Load(t.Context(), "account/acme")
	if err != nil {
		t.Fatal(err)
	}
	rec, err := watch.DecodeRecord(data, "acme")
	if err != nil {
		t.Fatal(err)
	}
	s := &seer{account: w.Accounts[0], routes: w.Routes, rec: rec}
	for _, ch := range w.Channels {
		data, _, _ := w.Store.Load(t.Context(), "channel/"+ch.Name)
		c, err := watch.DecodeChannelRecord(data, ch.Name)
		if err != nil {
			t.Fatal(err)
		}
		s.channels = append(s.channels, c)
	}
	return s
}

// said is what became of a notice, for comparing.
type said struct {
	at      time.Time
	typ     watch.Type
	channel string
	state   watch.State
}

// future is a way in which things go on.
type future struct {
	name    string
	prepare func(w *world) error
	least   int // notices × channels that there must be to compare
}

func futures(t *testing.T) []future {
	denied := &watch.Failure{Class: watch.Denied, Code: "AuthFailure.SecretIdNotFound"}
	return []future{
		{"an end nears and is reached", func(*world) error { return nil }, 20},
		{"a check fails", func(w *world) error {
			w.source.failure = &watch.Failure{Class: watch.Unavailable, Message: "no answer"}
			return nil
		}, 40},
		{"a key is denied", func(w *world) error { w.source.failure = denied; return nil }, 40},
		{"a licence is isolated", func(w *world) error { w.source.reading.Status = watch.Isolate; return nil }, 40},
		{"a change is not confirmed yet", func(w *world) error {
			w.Accounts[0].Policy.Confirm = 3
			w.source.reading.Status = watch.Isolate
			return nil
		}, 40},
		{"an end of a problem is not confirmed yet", func(w *world) error {
			w.source.reading.Status = watch.Isolate
			w.now = w.now.Add(time.Hour)
			w.run(t)
			w.Accounts[0].Policy.Confirm = 3
			w.source.reading.Status = watch.Normal
			return nil
		}, 20},
		{"the account is muted", func(w *world) error {
			return w.MuteAccount(t.Context(), "acme", &watch.Mute{Since: w.now})
		}, 20},
		{"a channel is muted wholly", func(w *world) error {
			return w.MuteChannel(t.Context(), "pager", &watch.Mute{Since: w.now, All: true})
		}, 20},
		{"nothing is reminded of", func(w *world) error { w.Accounts[0].Policy.RemindEvery = 0; return nil }, 8},
	}
}

// TestAForecastIsWhatRunsSay compares a forecast with the runs themselves.
func TestAForecastIsWhatRunsSay(t *testing.T) {
	for _, tt := range futures(t) {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.run(t)
			if err := tt.prepare(w); err != nil {
				t.Fatal(err)
			}
			w.now = w.now.Add(time.Hour)
			w.run(t)
			got, want := w.foreseen(t), w.lived(t)
			if !slices.Equal(got, want) || len(want) < tt.least {
				t.Errorf("forecast %d\n%v\nsaid %d\n%v", len(got), got, len(want), want)
			}
		})
	}
}

// horizon is how far the test looks, in days.
const horizon = 45

// foreseen is what a forecast says.
func (w *world) foreseen(t *testing.T) (all []said) {
	t.Helper()
	for _, l := range w.seer(t).play(w.daily, w.now, w.now.AddDate(0, 0, horizon)) {
		for _, h := range l.Hearers {
			state := map[string]watch.State{"": watch.StateSent, "held": watch.StateHeld, "dropped": watch.StateSuperseded}[h.Muted]
			all = append(all, said{l.Tell, l.Type, h.Channel, state})
		}
	}
	slices.SortFunc(all, said.compare)
	return all
}

// lived is what the runs say.
func (w *world) lived(t *testing.T) (all []said) {
	t.Helper()
	end := w.now.AddDate(0, 0, horizon)
	for w.now = w.daily.Next(w.now); !w.now.After(end); w.now = w.daily.Next(w.now) {
		for _, n := range w.run(t) {
			for _, e := range w.seer(t).rec.Ledger {
				for name, r := range e.Receipts {
					if e.Notice.ID == n.ID {
						all = append(all, said{n.At, n.Type, name, r.State})
					}
				}
			}
		}
	}
	slices.SortFunc(all, said.compare)
	return all
}

func (a said) compare(b said) int {
	return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.typ, b.typ), cmp.Compare(a.channel, b.channel))
}

func TestRemindersThatFollowEachOtherAreOneLine(t *testing.T) {
	reminder := func(day, count int) forecastLine {
		return forecastLine{Tell: time.Date(2026, 1, day, 0, 0, 0, 0, time.Local), Notice: watch.Notice{Account: "a", Type: watch.ProblemReminder, Problem: "status", Count: count}}
	}
	again := forecastLine{Notice: watch.Notice{Account: "a", Type: watch.StatusChanged, Opens: "status"}}
	lines := folded([]forecastLine{reminder(1, 1), reminder(2, 2), reminder(3, 3), again, reminder(5, 1)})
	if len(lines) != 3 || lines[0].facts != "status, reminders 1 to 3, the last on 2026-01-03" || lines[2].facts != "status, reminder 1" {
		t.Errorf("got %d lines: %v", len(lines), lines)
	}
}
