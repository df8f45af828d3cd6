package watch_test

import (
	"testing"
	"time"

	"prowatch/watch"
)

// muted mutes the account or the channel until taken back.
func (w *world) muted(t *testing.T, target string, all bool) {
	t.Helper()
	m := &watch.Mute{Since: time.Now(), All: all}
	var err error
	if target == "acme" {
		err = w.runner.MuteAccount(t.Context(), target, m)
	} else {
		err = w.runner.MuteChannel(t.Context(), target, m)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) unmuted(t *testing.T) {
	t.Helper()
	if err := w.runner.MuteAccount(t.Context(), "acme", nil); err != nil {
		t.Fatal(err)
	}
	if err := w.runner.MuteChannel(t.Context(), "sec", nil); err != nil {
		t.Fatal(err)
	}
}

func TestAMuteHoldsWhatIsNotUrgentAndItsEndTellsItInOneMessage(t *testing.T) {
	for _, target := range []string{"acme", "sec"} {
		t.Run(target, func(t *testing.T) {
			in(t, func(t *testing.T) {
				w := newWorld("sec")
				w.run(t)
				w.muted(t, target, false)
				w.api.ResourceID = "r-1"
				w.run(t)
				w.api.ResourceID = "r-2"
				w.run(t)
				w.api.CoresCnt = 4
				w.run(t)
				wantSaid(t, w.chats["sec"], watch.BaselineRecorded, watch.CapacityChanged)
				w.api.MaxPostPayCoresCnt = 900
				if r := w.run(t); r.Pending != 0 {
					t.Errorf("%d are pending, want what is held not to count", r.Pending)
				}
				time.Sleep(40 * 24 * time.Hour)
				w.unmuted(t)
				w.run(t)
				wantSaid(t, w.chats["sec"], watch.BaselineRecorded, watch.CapacityChanged, watch.ResourceChanged, watch.CapacityChanged)
				if got := len(w.chats["sec"].arrived); got != 3 {
					t.Errorf("%d messages, want the mute's end to make one", got)
				}
			})
		})
	}
}

func TestAMuteLetsAResolveGoWhereItsOpeningWent(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.run(t)
		w.muted(t, "sec", false)
		w.api.Status = watch.Isolate
		w.run(t)
		time.Sleep(25 * time.Hour)
		w.run(t) // would remind
		w.api.Status = watch.Normal
		w.run(t)
		wantSaid(t, w.chats["sec"], watch.BaselineRecorded, watch.StatusChanged, watch.StatusChanged)
	})
}

func TestAMuteOfAllHoldsTheOpeningAndItsResolve(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.run(t)
		w.muted(t, "acme", true)
		w.api.Status = watch.Isolate
		w.run(t)
		w.api.Status = watch.Normal
		w.run(t)
		wantSaid(t, w.chats["sec"], watch.BaselineRecorded)
		w.unmuted(t)
		w.run(t)
		wantSaid(t, w.chats["sec"], watch.BaselineRecorded, watch.StatusChanged)
	})
}

func TestAMuteEndsByItself(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		if err := w.runner.MuteChannel(t.Context(), "sec", &watch.Mute{Until: time.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		w.run(t)
		wantSaid(t, w.chats["sec"])
		time.Sleep(time.Hour)
		w.run(t)
		wantSaid(t, w.chats["sec"], watch.BaselineRecorded)
	})
}

func TestRedriveSendsWhatIsDeadAgain(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.chats["sec"].answer = func(n int, _ watch.Message) (watch.Outcome, bool) {
			if n == 0 {
				return watch.Outcome{Result: watch.Permanent, Code: "93000"}, false
			}
			return watch.Outcome{Result: watch.Sent}, true
		}
		w.run(t)
		w.run(t)
		wantSaid(t, w.chats["sec"])
		n, err := w.runner.Redrive(t.Context(), "sec")
		if err != nil || n != 1 {
			t.Fatalf("redrive made %d pending, %v; want 1", n, err)
		}
		if _, err := w.runner.Tell(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.chats["sec"].said(); len(got) == 0 || got[0] != watch.BaselineRecorded {
			t.Errorf("after the redrive the chat was told %v", got)
		}
	})
}

// TestWhatWasHeldIsNotToldAfterWhatEndedIt renews while a nearing end is held.
func TestWhatWasHeldIsNotToldAfterWhatEndedIt(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("sec")
		w.api.EndTime = time.Now().In(watch.DefaultPolicy().Zone).Add(29 * 24 * time.Hour).Format(watch.TimeLayout)
		w.run(t)
		w.muted(t, "acme", false)
		time.Sleep(16 * 24 * time.Hour)
		w.run(t)
		w.api.EndTime = "2037-01-01 00:00:00"
		w.run(t)
		w.unmuted(t)
		w.run(t)
		wantSaid(t, w.chats["sec"], watch.BaselineRecorded, watch.ExpiryApproaching, watch.ExpiryChanged)
	})
}

func TestRedriveTellsNothingThatIsOver(t *testing.T) {
	in(t, func(t *testing.T) {
		w := newWorld("pager")
		w.run(t)
		w.chats["pager"].answer = func(int, watch.Message) (watch.Outcome, bool) {
			return watch.Outcome{Result: watch.Permanent, Code: "400"}, false
		}
		w.api.Status = watch.Isolate
		w.run(t)
		w.chats["pager"].answer = nil
		w.api.Status = watch.Normal
		w.run(t)
		if _, err := w.runner.Redrive(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
		if _, err := w.runner.Tell(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantSaid(t, w.chats["pager"], watch.BaselineRecorded, watch.StatusChanged)
	})
}
