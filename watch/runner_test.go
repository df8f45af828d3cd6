package watch_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"prowatch/store/memory"
	"prowatch/watch"
)

// sourceFunc is a Source made of a func.
type sourceFunc func(context.Context) (watch.Reading, error)

func (f sourceFunc) Read(ctx context.Context) (watch.Reading, error) { return f(ctx) }

// chat is a channel that keeps what arrives, and answers as it is told to.
type chat struct {
	mu       sync.Mutex
	arrived  []watch.Message
	attempts int

	// answer says what becomes of the n-th attempt, from 0, and whether the
	// message arrives; nil is Sent.
	answer func(n int, m watch.Message) (out watch.Outcome, arrives bool)

	takes time.Duration // to answer
}

func (c *chat) Send(_ context.Context, m watch.Message) watch.Outcome {
	time.Sleep(c.takes)
	c.mu.Lock()
	defer c.mu.Unlock()
	out, arrives := watch.Outcome{Result: watch.Sent}, true
	if c.answer != nil {
		out, arrives = c.answer(c.attempts, m)
	}
	c.attempts++
	if arrives {
		c.arrived = append(c.arrived, m)
	}
	return out
}

// said lists the types of the notices that arrived, in order.
func (c *chat) said() []watch.Type {
	c.mu.Lock()
	defer c.mu.Unlock()
	var types []watch.Type
	for _, m := range c.arrived {
		for _, item := range m.Items {
			types = append(types, item.Notice.Type)
		}
	}
	return types
}

// world is one account, its API, a store and some chats.
type world struct {
	api    watch.Edition
	fault  error
	runner watch.Runner
	chats  map[string]*chat
}

func newWorld(channels ...string) *world {
	w := &world{
		api:   watch.Edition{Status: watch.Normal, MaxPostPayCoresCnt: 500},
		chats: map[string]*chat{},
	}
	w.runner.Store = new(memory.Store)
	w.runner.Accounts = []watch.Account{w.account("acme")}
	for _, name := range channels {
		w.chats[name] = &chat{}
		w.runner.Channels = append(w.runner.Channels, watch.Channel{Name: name, Notifier: w.chats[name]})
	}
	w.runner.Routes = watch.Routes{{Channels: channels}}
	return w
}

func (w *world) account(id string) watch.Account {
	return watch.Account{ID: id, Policy: watch.DefaultPolicy(), Source: sourceFunc(func(context.Context) (watch.Reading, error) {
		return watch.Reading{Edition: w.api}, w.fault
	})}
}

func (w *world) run(t *testing.T) *watch.Report {
	t.Helper()
	report, err := w.runner.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range report.Errs {
		t.Error(err)
	}
	return report
}

// in runs a test on a clock of its own, on which waiting takes no time.
func in(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}

// wantSaid compares what a chat was told, whatever the order within a digest.
func wantSaid(t *testing.T, c *chat, want ...watch.Type) {
	t.Helper()
	got := c.said()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the chat was told %v, want %v", got, want)
	}
}

func TestAChangeIsToldOnce(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.run(t)
		w.run(t)
		wantSaid(t, w.chats["sec"], watch.BaselineRecorded)
		w.api.Status = watch.Isolate
		time.Sleep(time.Hour)
		r := w.run(t)
		w.run(t)
		wantSaid(t, w.chats["sec"], watch.BaselineRecorded, watch.StatusChanged)
		if got, want := r.Counts(), (watch.Counts{Accounts: 1, Checked: 1, Notices: 1, Sent: 1}); got != want {
			t.Errorf("counts are %+v, want %+v", got, want)
		}
	})
}

func TestRunsBesideEachOtherTellOnce(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec", "ops")
		for _, c := range w.chats {
			c.takes = time.Second
		}
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() { w.run(t) })
		}
		wg.Wait()
		wantSaid(t, w.chats["sec"], watch.BaselineRecorded)
		wantSaid(t, w.chats["ops"], watch.BaselineRecorded)
	})
}

func TestOneBadChannelDelaysNoOther(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("bad", "good")
		w.chats["bad"].answer = func(int, watch.Message) (watch.Outcome, bool) {
			time.Sleep(7 * time.Second)
			return watch.Outcome{Result: watch.Retry, Code: "503"}, false
		}
		began := time.Now()
		var after time.Duration
		w.chats["good"].answer = func(int, watch.Message) (watch.Outcome, bool) {
			after = time.Since(began)
			return watch.Outcome{Result: watch.Sent}, true
		}
		r := w.run(t)
		if after > 0 {
			t.Errorf("the good channel was told after %s", after)
		}
		if r.Pending != 1 {
			t.Errorf("%d are pending, want 1", r.Pending)
		}
		if got := w.chats["bad"].attempts; got != 3 {
			t.Errorf("the bad channel was tried %d times in the run, want 3", got)
		}
		w.chats["bad"].answer = nil
		w.run(t)
		wantSaid(t, w.chats["bad"], watch.BaselineRecorded)
		wantSaid(t, w.chats["good"], watch.BaselineRecorded)
	})
}

func TestAChannelIsLeftAloneAsLongAsItAsked(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.chats["sec"].answer = func(n int, _ watch.Message) (watch.Outcome, bool) {
			if n == 0 {
				return watch.Outcome{Result: watch.Retry, After: 10 * time.Minute}, false
			}
			return watch.Outcome{Result: watch.Sent}, true
		}
		w.run(t)
		time.Sleep(9 * time.Minute)
		w.run(t)
		if got := w.chats["sec"].attempts; got != 1 {
			t.Errorf("within the pause the channel was tried %d times, want 1", got)
		}
		time.Sleep(time.Minute)
		w.run(t)
		wantSaid(t, w.chats["sec"], watch.BaselineRecorded)
	})
}

func TestAnUnknownOutcomeIsTriedOnceMoreAndMarked(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.chats["sec"].answer = func(int, watch.Message) (watch.Outcome, bool) {
			return watch.Outcome{Result: watch.Unknown}, true
		}
		for range 4 {
			w.run(t)
			time.Sleep(time.Hour)
		}
		got := w.chats["sec"].arrived
		if len(got) != 2 {
			t.Fatalf("the message was sent %d times, want 2", len(got))
		}
		if got[0].PossibleDuplicate || !got[1].PossibleDuplicate || got[0].ID != got[1].ID {
			t.Errorf("the second message is not marked a duplicate of the first: %+v", got)
		}
		if r := w.run(t); r.Pending != 0 {
			t.Errorf("%d are pending, want 0", r.Pending)
		}
		if got := w.receipt(t, "sec"); got.State != watch.StateUnknown {
			t.Errorf("the receipt is %+v, want unknown", got)
		}
	})
}

func TestAnUnknownOutcomeIsRetriedAtOnceWhereTheFarSideDropsDuplicates(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.runner.Channels[0].Idempotent = true
		w.chats["sec"].answer = func(n int, _ watch.Message) (watch.Outcome, bool) {
			if n == 0 {
				return watch.Outcome{Result: watch.Unknown}, false
			}
			return watch.Outcome{Result: watch.Sent}, true
		}
		if r := w.run(t); r.Pending != 0 {
			t.Errorf("%d are pending, want 0", r.Pending)
		}
		if m := w.chats["sec"].arrived[0]; !m.PossibleDuplicate {
			t.Error("the second attempt is not marked")
		}
	})
}

func TestARefusalForGoodIsDeadAndToldElsewhereOnceAnOutage(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("bad", "good")
		refuse := func(int, watch.Message) (watch.Outcome, bool) {
			return watch.Outcome{Result: watch.Permanent, Code: "93000", Text: "the robot is gone"}, false
		}
		w.chats["bad"].answer = refuse
		w.run(t)
		wantSaid(t, w.chats["good"], watch.BaselineRecorded, watch.DeliveryFailed)
		if got := w.receipt(t, "bad"); got.State != watch.StateDead || got.Code != "93000" {
			t.Errorf("the receipt is %+v, want dead with the code", got)
		}
		w.api.Status = watch.Isolate
		w.run(t)
		wantSaid(t, w.chats["good"], watch.BaselineRecorded, watch.DeliveryFailed, watch.StatusChanged)
		w.chats["bad"].answer = nil
		w.api.Status = watch.Normal
		w.run(t)
		wantSaid(t, w.chats["bad"], watch.StatusChanged)
		wantSaid(t, w.chats["good"], watch.BaselineRecorded, watch.DeliveryFailed, watch.StatusChanged, watch.StatusChanged, watch.DeliveryRecovered)
	})
}

func TestAfterADayANoticeIsDead(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.chats["sec"].answer = func(int, watch.Message) (watch.Outcome, bool) {
			return watch.Outcome{Result: watch.Retry, Code: "503", Text: "busy"}, false
		}
		for range 24 {
			w.run(t)
			time.Sleep(time.Hour)
		}
		if got := w.receipt(t, "sec"); got.State != watch.StatePending {
			t.Errorf("within the day the receipt is %+v, want pending", got)
		}
		time.Sleep(time.Hour)
		w.run(t)
		if got := w.receipt(t, "sec"); got.State != watch.StateDead {
			t.Errorf("after the day the receipt is %+v, want dead", got)
		}
	})
}

func TestAResolveGoesWhereItsProblemWasTold(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec", "pager")
		w.runner.Routes = watch.Routes{
			{Match: watch.Match{Severity: []watch.Severity{watch.Critical}}, Channels: []string{"pager"}, Continue: true},
			{Channels: []string{"sec"}},
		}
		w.run(t)
		w.api.Status = watch.Isolate
		w.run(t)
		w.api.Status = watch.Normal
		w.run(t)
		wantSaid(t, w.chats["pager"], watch.StatusChanged, watch.StatusChanged)
		wantSaid(t, w.chats["sec"], watch.BaselineRecorded, watch.StatusChanged, watch.StatusChanged)
	})
}

func TestAChatThatWasDownGetsTheLatestTruthInOneMessage(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.run(t)
		up := time.Now().Add(time.Hour)
		w.chats["sec"].answer = func(int, watch.Message) (watch.Outcome, bool) {
			if time.Now().Before(up) {
				return watch.Outcome{Result: watch.Retry}, false
			}
			return watch.Outcome{Result: watch.Sent}, true
		}
		for i := range 10 {
			w.api.Status = []watch.Status{watch.Isolate, watch.Normal}[i%2]
			w.api.ResourceID = fmt.Sprint("r-", i)
			w.run(t)
			time.Sleep(10 * time.Minute)
		}
		w.run(t)
		m := w.chats["sec"].arrived
		var last []watch.Type
		for _, item := range m[1].Items {
			last = append(last, item.Notice.Type)
		}
		if len(last) < 2 || slices.Contains(last[1:], watch.StatusChanged) && last[0] == watch.StatusChanged {
			t.Errorf("after the outage the chat was told %v, want one status and the resources", last)
		}
	})
}

func TestARunThatHasNoTimeLeftStartsNoAccount(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		slow := sourceFunc(func(context.Context) (watch.Reading, error) {
			time.Sleep(6 * time.Second)
			return watch.Reading{Edition: w.api}, nil
		})
		w.runner.Concurrency = 1
		w.runner.Accounts = nil
		for i := range 6 {
			w.runner.Accounts = append(w.runner.Accounts, watch.Account{ID: fmt.Sprint("a", i), Policy: watch.DefaultPolicy(), Source: slow})
		}
		seen := map[string]int{}
		for range 2 {
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			report, err := w.runner.Run(ctx)
			cancel()
			if err != nil {
				t.Fatal(err)
			}
			if c := report.Counts(); c.Skipped == 0 || c.Checked == 0 {
				t.Errorf("counts are %+v, want some checked and some skipped", c)
			}
			for _, a := range report.Accounts {
				if !a.Skipped {
					seen[a.Account]++
				}
			}
		}
		if len(seen) != 6 {
			t.Errorf("two runs came to %v, want each account once: the skipped come first", seen)
		}
	})
}

// TestAShortDeadlineIsEnoughForWork gives a run the three seconds that are the
// default time limit of both clouds.
func TestAShortDeadlineIsEnoughForWork(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.runner.Concurrency = 1
		w.runner.Accounts = nil
		slow := sourceFunc(func(context.Context) (watch.Reading, error) {
			time.Sleep(300 * time.Millisecond)
			return watch.Reading{Edition: w.api}, nil
		})
		for i := range 20 {
			w.runner.Accounts = append(w.runner.Accounts, watch.Account{ID: fmt.Sprint("a", i), Policy: watch.DefaultPolicy(), Source: slow})
		}
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		report, err := w.runner.Run(ctx)
		if err != nil {
			t.Fatal(err)
		}
		c := report.Counts()
		if c.Checked < 4 || c.Skipped == 0 || c.Sent != c.Checked || time.Since(began) > 3*time.Second {
			t.Errorf("after %s counts are %+v, want some checked and all of them told", time.Since(began), c)
		}
	})
}

func TestAStoreThatCannotBeReadIsTheAccountsFault(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		newer := []byte(`{"format":99,"account":"acme","something":"new"}`)
		if _, err := w.runner.Store.Save(t.Context(), "account/acme", newer, ""); err != nil {
			t.Fatal(err)
		}
		r := w.run(t)
		if r.Accounts[0].Err == nil || r.Done() {
			t.Errorf("the run says %+v, want an error about the format", r.Accounts[0])
		}
		if data, _, err := w.runner.Store.Load(t.Context(), "account/acme"); err != nil || string(data) != string(newer) {
			t.Errorf("the newer record is now %s, %v", data, err)
		}
	})
}

func TestADryRunKeepsAndTellsNothing(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.runner.DryRun = true
		r := w.run(t)
		if len(r.Notices) != 1 || len(w.chats["sec"].arrived) != 0 {
			t.Errorf("a dry run made %d notices and sent %d messages, want 1 and 0", len(r.Notices), len(w.chats["sec"].arrived))
		}
		if _, _, err := w.runner.Store.Load(t.Context(), "account/acme"); !errors.Is(err, watch.ErrNotFound) {
			t.Errorf("a dry run left a record: %v", err)
		}
	})
}

// receipt returns the first notice's receipt on a channel.
func (w *world) receipt(t *testing.T, channel string) watch.Receipt {
	t.Helper()
	data, _, err := w.runner.Store.Load(t.Context(), "account/acme")
	if err != nil {
		t.Fatal(err)
	}
	rec, err := watch.DecodeRecord(data, "acme")
	if err != nil {
		t.Fatal(err)
	}
	return rec.Ledger[0].Receipts[channel]
}

func TestAThousandAccountsMakeOneMessage(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec", "ops")
		w.runner.Accounts = nil
		for i := range 1000 {
			w.runner.Accounts = append(w.runner.Accounts, w.account(fmt.Sprintf("acct-%04d", i)))
		}
		w.api.EndTime = time.Now().Add(2 * 24 * time.Hour).Format(watch.TimeLayout)
		r := w.run(t)
		for name, c := range w.chats {
			if len(c.arrived) != 1 || len(c.arrived[0].Items) != 2000 {
				t.Fatalf("%s was told %d messages, want one of 2000 notices", name, len(c.arrived))
			}
			if got := c.arrived[0].Items[0].Notice; got.Severity != watch.Critical || got.Type != watch.ExpiryApproaching {
				t.Errorf("%s reads %s %s first, want the most severe", name, got.Severity, got.Type)
			}
		}
		if r.Pending != 0 {
			t.Errorf("%d are pending, want 0", r.Pending)
		}
	})
}

// TestADigestThatMayHaveArrivedKeepsItsComposition lets a digest's outcome be
// unknown, and more to tell come meanwhile.
func TestADigestThatMayHaveArrivedKeepsItsComposition(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.runner.Accounts = append(w.runner.Accounts, w.account("other"))
		w.chats["sec"].answer = func(n int, _ watch.Message) (watch.Outcome, bool) {
			if n == 0 {
				return watch.Outcome{Result: watch.Unknown}, true
			}
			return watch.Outcome{Result: watch.Sent}, true
		}
		w.run(t)
		w.api.Status = watch.Isolate
		w.run(t)
		m := w.chats["sec"].arrived
		if len(m) != 3 {
			t.Fatalf("%d messages, want the digest, the digest again, and what came meanwhile", len(m))
		}
		if m[1].ID != m[0].ID || len(m[1].Items) != len(m[0].Items) || !m[1].PossibleDuplicate {
			t.Errorf("the digest was sent again as %s with %d notices, marked: %t; want it as it was, marked", m[1].ID, len(m[1].Items), m[1].PossibleDuplicate)
		}
		if m[2].PossibleDuplicate || m[2].Items[0].Notice.Type != watch.StatusChanged {
			t.Errorf("what came meanwhile is %s, marked: %t", m[2].Items[0].Notice.Type, m[2].PossibleDuplicate)
		}
	})
}

func TestWhatIsOwedToAChannelThatLeftIsToldWhereTheRoutesNowSay(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("old")
		w.api.Status = watch.Isolate
		w.chats["old"].answer = func(int, watch.Message) (watch.Outcome, bool) {
			return watch.Outcome{Result: watch.Retry}, false
		}
		w.run(t)
		now := newWorld("new")
		now.api, now.runner.Store = w.api, w.runner.Store
		now.run(t)
		wantSaid(t, now.chats["new"], watch.BaselineRecorded)
		if got := now.receipt(t, "old"); got.State != watch.StateDead || got.Text == "" {
			t.Errorf("the receipt of the channel that left is %+v, want dead with a reason", got)
		}
	})
}

func TestTheWorstIsToldFirstWhereEachNoticeIsAMessage(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("hook")
		w.runner.Channels[0].Single = true
		bad := w.account("z-bad")
		bad.Source = sourceFunc(func(context.Context) (watch.Reading, error) {
			return watch.Reading{Edition: watch.Edition{Status: watch.Isolate}}, nil
		})
		w.runner.Accounts = append(w.runner.Accounts, bad)
		w.run(t)
		if got := w.chats["hook"].arrived; len(got) != 2 || got[0].Items[0].Notice.Account != "z-bad" {
			t.Errorf("told %+v, want the critical one first", got)
		}
	})
}

func TestAChannelThatDoesNotAnswerIsLeftAlone(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("hook")
		w.runner.Channels[0].Single = true
		w.runner.Accounts = append(w.runner.Accounts, w.account("second"), w.account("third"))
		w.chats["hook"].answer = func(int, watch.Message) (watch.Outcome, bool) {
			return watch.Outcome{Result: watch.Unknown}, false
		}
		w.run(t)
		if got := w.chats["hook"].attempts; got != 2 {
			t.Errorf("%d messages were sent to a channel that does not answer, want 2", got)
		}
		w.chats["hook"].answer = nil
		w.run(t)
		wantSaid(t, w.chats["hook"], watch.BaselineRecorded, watch.BaselineRecorded, watch.BaselineRecorded)
	})
}

// TestOneNoticeThatIsAlwaysRefusedHoldsUpNoOther poisons the baseline.
func TestOneNoticeThatIsAlwaysRefusedHoldsUpNoOther(t *testing.T) {
	for _, result := range []watch.Result{watch.Retry, watch.Unknown} {
		t.Run(string(result), func(t *testing.T) {
			in(t, func(t *testing.T) {
				w := newWorld("hook")
				w.runner.Channels[0].Single, w.runner.Channels[0].Idempotent = true, true
				w.chats["hook"].answer = func(_ int, m watch.Message) (watch.Outcome, bool) {
					if m.Items[0].Notice.Type == watch.BaselineRecorded {
						return watch.Outcome{Result: result, Text: "crash"}, false
					}
					return watch.Outcome{Result: watch.Sent}, true
				}
				w.run(t)
				w.api.Status = watch.Isolate
				time.Sleep(time.Hour)
				w.run(t)
				wantSaid(t, w.chats["hook"], watch.StatusChanged)
			})
		})
	}
}

// TestAChannelThatNeverAnswersIsToldElsewhere lets one of two never answer, and
// be one that drops duplicates, or not.
func TestAChannelThatNeverAnswersIsToldElsewhere(t *testing.T) {
	for _, idempotent := range []bool{false, true} {
		t.Run(fmt.Sprint(idempotent), func(t *testing.T) {
			in(t, func(t *testing.T) {
				w := newWorld("mute", "good")
				w.runner.Channels[0].Idempotent = idempotent
				w.chats["mute"].answer = func(int, watch.Message) (watch.Outcome, bool) {
					return watch.Outcome{Result: watch.Unknown, Text: "no answer"}, false
				}
				for range 27 {
					w.run(t)
					time.Sleep(time.Hour)
				}
				wantSaid(t, w.chats["good"], watch.BaselineRecorded, watch.DeliveryFailed)
				if got := w.receipt(t, "mute"); got.State != watch.StateUnknown {
					t.Errorf("the receipt is %+v, want unknown", got)
				}
			})
		})
	}
}
