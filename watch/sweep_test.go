package watch_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"prowatch/store/memory"
	"prowatch/watch"
)

// slow is how long the API takes to answer about the accounts of configure.
type slow struct {
	*world
	takes time.Duration
}

// configure makes these accounts the configured ones, and keeps the records.
func (w *slow) configure(ids ...string) {
	w.runner.Accounts = nil
	for _, id := range ids {
		a := w.account(id)
		a.Source = sourceFunc(func(ctx context.Context) (watch.Reading, error) {
			// Go 1.26's race detector crashes on a timer of a fake clock that is due
			// when it is made.
			if w.takes > 0 {
				select {
				case <-ctx.Done():
					return watch.Reading{}, ctx.Err()
				case <-time.After(w.takes):
				}
			}
			return watch.Reading{Edition: w.api}, w.fault
		})
		w.runner.Accounts = append(w.runner.Accounts, a)
	}
}

// within does a run that has such a time.
func (w *slow) within(t *testing.T, d time.Duration) *watch.Report {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	report, err := w.runner.Run(ctx)
	if err != nil || len(report.Errs) > 0 {
		t.Fatal(err, report)
	}
	return report
}

// said lists notices as account, type, severity and problem, sorted.
func said(notices []watch.Notice) []string {
	var list []string
	for _, n := range notices {
		list = append(list, fmt.Sprint(n.Account, " ", n.Type, " ", n.Severity, " ", n.Opens, n.Resolves))
	}
	slices.Sort(list)
	return list
}

func wantNotices(t *testing.T, r *watch.Report, want ...string) {
	t.Helper()
	if got := said(r.Notices); !slices.Equal(got, want) {
		t.Errorf("the run said %q, want %q", got, want)
	}
}

func TestAnAccountThatNoRunComesToIsToldStaleByItsOwnPolicy(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &slow{world: newWorld("sec")}
		w.configure("old")
		w.run(t)
		w.configure("old", "new", "patient")
		w.runner.Accounts[2].Policy.StaleAfter = watch.Duration(72 * time.Hour)
		w.takes = time.Minute
		w.within(t, 6*time.Second)
		time.Sleep(25 * time.Hour)
		wantNotices(t, w.within(t, 6*time.Second), "new account.stale warning stale[]", "old account.stale warning stale[]")
		wantNotices(t, w.within(t, 6*time.Second))
		w.takes, w.fault = 0, &watch.Failure{Class: watch.Unavailable}
		r := w.run(t)
		wantNotices(t, r, "new account.checked info [stale]", "old account.checked info [stale]")
		wantSaid(t, w.chats["sec"], watch.BaselineRecorded, watch.AccountStale, watch.AccountStale, watch.AccountChecked, watch.AccountChecked)
	})
}

// unsaved is a store that saves nothing of an account, until it is mended.
type unsaved struct {
	*memory.Store
	key string
}

func (s *unsaved) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	if key == s.key {
		return "", errors.New("no room")
	}
	return s.Store.Save(ctx, key, data, expected)
}

func TestAnAccountThatCannotBeSavedIsToldStaleOnceItCan(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &slow{world: newWorld("sec")}
		store := &unsaved{Store: w.runner.Store.(*memory.Store)}
		w.runner.Store = store
		w.run(t)
		store.key = "account/acme"
		time.Sleep(25 * time.Hour)
		if r := w.run(t); r.Accounts[0].Err == nil || len(r.Notices) != 0 {
			t.Errorf("the run says %+v, want an error and no notice", r)
		}
		store.key = ""
		w.configure("acme")
		w.takes = time.Minute
		wantNotices(t, w.within(t, 6*time.Second), "acme account.stale warning stale[]")
	})
}

func TestARunBeginsWhereTheLastOneStopped(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &slow{world: newWorld("sec"), takes: time.Second}
		var ids []string
		for i := range 600 {
			ids = append(ids, fmt.Sprint("a", i))
		}
		w.configure(ids...)
		w.runner.Concurrency = 10
		seen := map[string]int{}
		for range 3 {
			for _, a := range w.within(t, 45*time.Second).Accounts {
				if !a.Skipped {
					seen[a.Account]++
				}
			}
		}
		for id, n := range seen {
			if n > 2 || n == 2 && len(seen) < 600 {
				t.Fatalf("%s was checked %d times while %d of 600 were", id, n, len(seen))
			}
		}
		if len(seen) != 600 {
			t.Errorf("three runs came to %d of 600 accounts", len(seen))
		}
	})
}

func TestAnAccountThatLeftIsToldAndForgotten(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &slow{world: newWorld("sec")}
		w.configure("gone", "here")
		w.api.Status = watch.Isolate
		w.run(t)
		w.configure("here")
		wantNotices(t, w.run(t), "gone account.removed info [status]")
		if _, _, err := w.runner.Store.Load(t.Context(), "account/gone"); !errors.Is(err, watch.ErrNotFound) {
			t.Errorf("its record is still there: %v", err)
		}
		wantNotices(t, w.run(t))
		w.configure("gone", "here")
		time.Sleep(time.Hour)
		wantNotices(t, w.run(t), "gone baseline.recorded critical status[]")
		wantSaid(t, w.chats["sec"], watch.BaselineRecorded, watch.BaselineRecorded, watch.AccountRemoved, watch.BaselineRecorded)
	})
}

func TestAnAccountThatLeftPaysItsDebtsFirst(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &slow{world: newWorld("sec")}
		w.configure("gone", "here")
		w.run(t)
		down := true
		w.chats["sec"].answer = func(int, watch.Message) (watch.Outcome, bool) {
			if down {
				return watch.Outcome{Result: watch.Retry}, false
			}
			return watch.Outcome{Result: watch.Sent}, true
		}
		w.api.ResourceID = "r-1"
		w.api.Status = watch.Isolate
		w.run(t)
		w.configure("here")
		for range 3 {
			time.Sleep(20 * time.Minute)
			w.run(t)
		}
		if _, _, err := w.runner.Store.Load(t.Context(), "account/gone"); err != nil {
			t.Errorf("its record is gone before its debts are paid: %v", err)
		}
		w.runner.Incomplete = true // a run that cannot look leaves it to the next
		time.Sleep(20 * time.Minute)
		w.run(t)
		w.runner.Incomplete, down = false, false
		time.Sleep(20 * time.Minute)
		if r := w.run(t); r.Pending != 0 {
			t.Errorf("%d are pending", r.Pending)
		}
		removed := 0
		for _, typ := range w.chats["sec"].said() {
			if typ == watch.AccountRemoved {
				removed++
			}
		}
		if _, _, err := w.runner.Store.Load(t.Context(), "account/gone"); removed != 1 || !errors.Is(err, watch.ErrNotFound) {
			t.Errorf("it was told removed %d times, and its record is %v", removed, err)
		}
	})
}

func TestAnAccountThatComesBackWithDebtsIsNew(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &slow{world: newWorld("sec")}
		w.configure("gone", "here")
		w.run(t)
		w.chats["sec"].answer = func(int, watch.Message) (watch.Outcome, bool) { return watch.Outcome{Result: watch.Retry}, false }
		w.configure("here")
		w.run(t)
		w.chats["sec"].answer = nil
		w.configure("gone", "here")
		time.Sleep(20 * time.Minute)
		w.run(t)
		wantSaid(t, w.chats["sec"], watch.BaselineRecorded, watch.BaselineRecorded, watch.AccountRemoved, watch.BaselineRecorded)
	})
}

func TestOnlyARunOfAllAccountsRemovesAny(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &slow{world: newWorld("sec")}
		w.configure("gone", "here")
		w.run(t)
		if _, err := w.runner.Trial(t.Context(), "sec"); err != nil {
			t.Fatal(err)
		}
		w.configure("here")
		one, err := w.runner.Run(t.Context(), "here")
		if err != nil {
			t.Fatal(err)
		}
		w.runner.Incomplete = true
		if r := w.run(t); len(one.Notices)+len(r.Notices) > 0 {
			t.Errorf("a run of one account said %v, one that does not know all %v", said(one.Notices), said(r.Notices))
		}
		w.runner.Incomplete = false
		wantNotices(t, w.run(t), "gone account.removed info []")
		if _, _, err := w.runner.Store.Load(t.Context(), "account/"+watch.TrialAccount); err != nil {
			t.Errorf("the record of test messages: %v", err)
		}
	})
}

// TestACrashNeitherLosesNorDoublesARemoval breaks the run that finds an account
// gone at each of its operations.
func TestACrashNeitherLosesNorDoublesARemoval(t *testing.T) {
	for _, f := range []fate{{false, false}, {true, false}, {false, true}, {true, true}} {
		met := true
		for at := 0; met; at++ {
			synctest.Test(t, func(t *testing.T) { met = crashRemoval(t, at, f) })
			if t.Failed() {
				t.Fatalf("broken at operation %d, %+v", at, f)
			}
		}
	}
}

func crashRemoval(t *testing.T, at int, f fate) bool {
	w := &slow{world: newWorld("digest")}
	store := w.runner.Store.(*memory.Store)
	w.configure("gone", "here")
	w.run(t)
	w.configure("here")
	p := &mortal{left: at, fate: f}
	runner := w.mortal(p, store)
	if _, err := runner.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		time.Sleep(time.Minute)
		w.run(t)
	}
	told, marked := 0, 0
	for _, m := range w.chats["digest"].arrived {
		for _, item := range m.Items {
			if item.Notice.Type == watch.AccountRemoved {
				told++
				if m.PossibleDuplicate {
					marked++
				}
			}
		}
	}
	_, _, err := store.Load(t.Context(), "account/gone")
	if told < 1 || told-marked > 1 || !errors.Is(err, watch.ErrNotFound) {
		t.Errorf("the removal was told %d times, %d of them marked; its record: %v", told, marked, err)
	}
	return p.met
}

func TestAThousandNewAccountsAreAnnouncedInOneMessage(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &slow{world: newWorld("sec")}
		w.configure("first")
		w.run(t)
		ids := []string{"first"}
		for i := range 1000 {
			ids = append(ids, fmt.Sprint("new-", i))
		}
		w.configure(ids...)
		time.Sleep(time.Hour)
		w.run(t)
		if got := w.chats["sec"].arrived; len(got) != 2 || len(got[1].Items) != 1000 {
			t.Errorf("the chat got %d messages, want the first baseline and one of 1000", len(got))
		}
	})
}
