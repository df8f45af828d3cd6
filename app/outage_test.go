package app

import (
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"prowatch/notify/sink"
	"prowatch/watch"
)

// door is a sink that can be down.
type door struct {
	*sink.Sink
	shut atomic.Bool
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if d.shut.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	d.Sink.ServeHTTP(w, r)
}

// some returns the rows and far sides of the chats named.
func some(names ...string) (map[string]string, map[string]http.Handler) {
	rows, far := chats()
	few, near := map[string]string{}, map[string]http.Handler{}
	for _, name := range names {
		few[name], near[name] = rows[name], far[name]
	}
	return few, near
}

// TestADeadChannelDelaysNoOther has one channel of five that answers only when
// the other four have been told, or else after longer than a run waits.
func TestADeadChannelDelaysNoOther(t *testing.T) {
	rows, far := some("wecom", "dingtalk", "teams", "discord", "slack")
	others := maps.Clone(far)
	delete(others, "slack")
	var told atomic.Bool
	far["slack"] = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		for end := time.Now().Add(10 * time.Second); !told.Load() && time.Now().Before(end); time.Sleep(time.Millisecond) {
			all := true
			for _, h := range others {
				all = all && len(h.(inbox).Messages()) == 1
			}
			told.Store(all)
		}
		rw.WriteHeader(http.StatusServiceUnavailable)
	})
	w := newTown(t, 3, rows, "", far)
	end := w.now().Add(90 * 24 * time.Hour)
	w.says = func(string) watch.Edition { return ending(end) }
	report := w.run(t, 0)
	if !told.Load() {
		t.Error("a channel waited for one that does not answer")
	}
	if c := report.Counts(); c.Sent != 3*4 || c.Pending != 3 {
		t.Errorf("%+v, want all told but for the dead channel", c)
	}
}

// TestAChatThatWasDownGetsOneDigest lets a chat be down for an hour in which
// much happens: it is told then, at once, and that it is late.
func TestAChatThatWasDownGetsOneDigest(t *testing.T) {
	rows, far := some("slack", "discord")
	slack := &door{Sink: far["slack"].(*sink.Sink)}
	far["slack"] = slack
	w := newTown(t, 3, rows, "", far)
	began := w.now()
	w.says = func(account string) watch.Edition {
		e := ending(began.Add(90 * 24 * time.Hour))
		if since := w.now().Sub(began); account == "acme-0000" && since > 15*time.Minute {
			e.Status = watch.Isolate
		} else if account == "acme-0001" && since > 35*time.Minute {
			e.EndTime = began.Add(60 * 24 * time.Hour).In(shanghai).Format(watch.TimeLayout)
		}
		return e
	}
	w.run(t, 0)
	slack.shut.Store(true)
	for range 3 {
		w.run(t, 20*time.Minute)
	}
	slack.shut.Store(false)
	if n := len(slack.Messages()); n != 1 {
		t.Fatalf("%d messages at a chat that is down", n)
	}
	if report := w.run(t, 20*time.Minute); report.Pending > 0 {
		t.Errorf("%d are pending after the chat is back", report.Pending)
	}
	got := slack.Messages()
	if len(got) != 2 {
		t.Fatalf("the chat got %d messages, want the baseline and one digest", len(got))
	}
	text := got[1].Text
	for _, want := range []string{"[CRITICAL] TCSS Normal → Isolate", "acme-0000", "TCSS Pro now ends earlier", "acme-0001", "2 notices, the worst first", "Told late: this was seen at 2026-11-24 09:27 UTC+8, 1 hour before"} {
		if !strings.Contains(text, want) {
			t.Errorf("the digest lacks %q:\n%s", want, text)
		}
	}
	if others := far["discord"].(inbox).Messages(); len(others) != 3 || strings.Contains(others[1].Text+others[2].Text, "Told late") {
		t.Errorf("the chat that was up got %d messages, want each change at once", len(others))
	}
	w.run(t, 20*time.Minute)
	if n := len(slack.Messages()); n != 2 {
		t.Errorf("the run after it told %d messages again", n-2)
	}
}

// TestAWeComThatIsThrottledIsToldByALaterRun sees that it is left alone for the
// minute that its limit lasts, too.
func TestAWeComThatIsThrottledIsToldByALaterRun(t *testing.T) {
	rows, far := some("wecom", "slack")
	w := newTown(t, 2, rows, "", far)
	end := w.now().Add(90 * 24 * time.Hour)
	w.says = func(string) watch.Edition { return ending(end) }
	wecom := far["wecom"].(*sink.Sink)
	wecom.Fail(sink.WeComFault(45009, "api freq out of limit"))
	w.run(t, 0)
	if r := w.receipts(t, "wecom")[watch.BaselineRecorded]; r.State != watch.StatePending || r.Code != "45009" || wecom.Requests() != 1 {
		t.Errorf("after 45009 and %d requests the receipt is %+v, want one and pending", wecom.Requests(), r)
	}
	w.run(t, 30*time.Second)
	if n := wecom.Requests(); n != 1 {
		t.Errorf("%d requests within the minute, want none more", n)
	}
	w.run(t, 17*time.Minute)
	if r := w.receipts(t, "wecom")[watch.BaselineRecorded]; r.State != watch.StateSent || len(wecom.Messages()) != 1 {
		t.Errorf("after a later run the receipt is %+v with %d messages, want one and sent", r, len(wecom.Messages()))
	}
	if n := len(far["slack"].(inbox).Messages()); n != 1 {
		t.Errorf("the other chat got %d messages", n)
	}
}

// TestAWeComRobotThatIsGoneIsToldElsewhere sees 93000: dead at once, with its
// mend, and told in the other chat by the same run.
func TestAWeComRobotThatIsGoneIsToldElsewhere(t *testing.T) {
	rows, far := some("wecom", "slack")
	w := newTown(t, 2, rows, "", far)
	end := w.now().Add(90 * 24 * time.Hour)
	w.says = func(string) watch.Edition { return ending(end) }
	wecom := far["wecom"].(*sink.Sink)
	wecom.Fail(sink.WeComFault(93000, "invalid webhook url"))
	report := w.run(t, 0)
	r := w.receipts(t, "wecom")[watch.BaselineRecorded]
	if r.State != watch.StateDead || r.Code != "93000" || !strings.Contains(r.Text, "make a new robot and set its URL") || wecom.Requests() != 1 {
		t.Errorf("after 93000 and %d requests the receipt is %+v, want one and dead with its mend", wecom.Requests(), r)
	}
	if report.Pending != 0 {
		t.Errorf("%d are pending, though what is dead is not tried again", report.Pending)
	}
	got := far["slack"].(inbox).Messages()
	if len(got) != 2 {
		t.Fatalf("the other chat got %d messages, want the baseline and the outage", len(got))
	}
	for _, want := range []string{"[WARNING] Channel wecom is failing", "93000", "make a new robot and set its URL"} {
		if !strings.Contains(got[1].Text, want) {
			t.Errorf("the other chat is not told %q:\n%s", want, got[1].Text)
		}
	}
}
