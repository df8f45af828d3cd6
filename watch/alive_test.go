package watch_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"prowatch/watch"
)

// weekly is due each 168 hours of the clock's own epoch.
var weekly = watch.Life{Channel: "sec", Next: func(t time.Time) time.Time { return t.Truncate(week).Add(week) }}

const week = 7 * 24 * time.Hour

// alive does a run and what follows a whole one.
func (w *world) alive(t *testing.T, life watch.Life) *watch.Report {
	t.Helper()
	report := w.run(t)
	w.runner.Alive(t.Context(), life, report)
	for _, err := range report.Errs {
		t.Error(err)
	}
	return report
}

// words counts the words of life that a chat was told.
func (c *chat) words() int {
	n := 0
	for _, typ := range c.said() {
		if typ == watch.WatchAlive {
			n++
		}
	}
	return n
}

func TestAWordOfLifeIsGivenOnceEachTimeItIsDue(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec", "other")
		w.runner.Routes = watch.Routes{{Channels: []string{"other"}}} // has no say
		for _, step := range []struct {
			what  string
			after time.Duration
			want  int
		}{
			{"the first run sets the mark", 0, 0},
			{"an hour later", time.Hour, 0},
			{"a week later", week, 1},
			{"at once after that", time.Minute, 1},
			{"three weeks later", 3 * week, 2},
			{"at once after that", time.Minute, 2},
		} {
			time.Sleep(step.after)
			report := w.alive(t, weekly)
			if got := w.chats["sec"].words(); got != step.want {
				t.Errorf("%s: %d words in all, want %d; the report has %+v", step.what, got, step.want, report)
			}
		}
		if n := w.chats["other"].words(); n != 0 {
			t.Errorf("the other channel was told %d words", n)
		}
	})
}

func TestRunsSideBySideGiveOneWord(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.alive(t, weekly)
		time.Sleep(week)
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() { w.runner.Alive(t.Context(), weekly, &watch.Report{}) })
		}
		wg.Wait()
		if got := w.chats["sec"].words(); got != 1 {
			t.Errorf("16 runs side by side gave %d words, want 1", got)
		}
	})
}

func TestAWordThatIsRefusedIsOwed(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.alive(t, weekly)
		chat := w.chats["sec"]
		chat.answer = func(int, watch.Message) (watch.Outcome, bool) { return watch.Outcome{Result: watch.Retry}, false }
		time.Sleep(week)
		if report := w.alive(t, weekly); report.Pending != 1 {
			t.Errorf("the report has %d pending, want the word", report.Pending)
		}
		chat.answer = nil
		time.Sleep(time.Hour)
		if report := w.alive(t, weekly); report.Pending != 0 || report.Counts().Sent != 1 || chat.words() != 1 {
			t.Errorf("an hour later %d words were told, want 1; the report has %+v", chat.words(), report)
		}
	})
}

func TestAWordOfARunThatDiedIsToldByTheNext(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.alive(t, weekly)
		chat := w.chats["sec"]
		died := false
		chat.answer = func(int, watch.Message) (watch.Outcome, bool) {
			if !died {
				died = true
				panic("killed between save and send")
			}
			return watch.Outcome{Result: watch.Sent}, true
		}
		time.Sleep(week)
		func() {
			defer func() {
				if recover() == nil {
					t.Error("nothing was sent, so nothing died")
				}
			}()
			w.runner.Alive(t.Context(), weekly, &watch.Report{})
		}()
		time.Sleep(time.Hour)
		w.alive(t, weekly)
		if got := chat.words(); got != 1 {
			t.Errorf("the next run told %d words, want 1", got)
		}
	})
}

func TestAWordThatStillWaitsGivesWayToANewerOne(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.alive(t, weekly)
		time.Sleep(week)
		if err := w.runner.MuteChannel(t.Context(), "sec", &watch.Mute{Since: time.Now(), Until: time.Now().Add(week + time.Hour)}); err != nil {
			t.Fatal(err)
		}
		w.alive(t, weekly)
		time.Sleep(week)
		w.alive(t, weekly)
		time.Sleep(2 * time.Hour)
		w.alive(t, weekly)
		if got := w.chats["sec"].words(); got != 1 {
			t.Errorf("after a mute of two words %d were told, want the newer one", got)
		}
	})
}

func TestAMarkOfAWrongClockIsLowered(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.runner.Now = func() time.Time { return time.Now().Add(52 * week) }
		w.alive(t, weekly)
		w.runner.Now = nil
		w.alive(t, weekly)
		time.Sleep(week)
		w.alive(t, weekly)
		if got := w.chats["sec"].words(); got != 1 {
			t.Errorf("a week after a clock a year ahead %d words were told, want 1", got)
		}
	})
}

func TestWithNoTimeLeftTheNextRunGivesTheWord(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.alive(t, weekly)
		time.Sleep(week)
		short, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		w.runner.Alive(short, weekly, &watch.Report{})
		if got := w.chats["sec"].words(); got != 0 {
			t.Errorf("with 2 s left %d words were told", got)
		}
		w.alive(t, weekly)
		if got := w.chats["sec"].words(); got != 1 {
			t.Errorf("the next run told %d words, want 1", got)
		}
	})
}

func TestAWordSumsUpHowEverythingIs(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.runner.Accounts = append(w.runner.Accounts, w.account("beta"), w.account("gone"))
		zone := watch.DefaultPolicy().Zone
		end := time.Now().Add(50 * 24 * time.Hour).In(zone).Truncate(time.Second)
		w.api.EndTime = end.Format(watch.TimeLayout)
		w.runner.Accounts[2].Source = sourceFunc(func(context.Context) (watch.Reading, error) {
			return watch.Reading{}, &watch.Failure{Class: watch.Denied, Code: "AuthFailure"}
		})
		w.alive(t, weekly)
		since := time.Now()
		time.Sleep(week)
		report := w.alive(t, weekly)
		i := slices.IndexFunc(report.Notices, func(n watch.Notice) bool { return n.Type == watch.WatchAlive })
		if i < 0 {
			t.Fatalf("no word among %+v", report.Notices)
		}
		n := report.Notices[i]
		want := &watch.Summary{
			Accounts: 3, Statuses: map[watch.Status]int{watch.Normal: 2}, Unread: 1, Failing: 1, Critical: 1,
			Nearest: &watch.End{Account: "acme", EndTime: end, DaysLeft: 43},
			GoodAt:  time.Now().UTC(), Since: since.UTC(), Runs: 1,
		}
		sameTime := cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
		if diff := cmp.Diff(want, n.Summary, sameTime); diff != "" {
			t.Errorf("the summary differs (-want +got):\n%s", diff)
		}
		if n.Account != watch.WatchAccount || n.Severity != watch.Info || n.Opens != "" || len(n.Resolves) != 0 {
			t.Errorf("the notice is %+v, want one of %s that is for information", n, watch.WatchAccount)
		}
	})
}
