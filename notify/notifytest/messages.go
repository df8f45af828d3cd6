package notifytest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"prowatch/watch"
)

func (r *rig) wantShown(t *testing.T, m watch.Message) {
	t.Helper()
	text := r.last(t).Text
	for _, want := range r.Shows(m) {
		if !strings.Contains(text, want) {
			t.Errorf("the message lacks %q:\n%.2000s", want, text)
		}
	}
}

func testEveryType(t *testing.T, r *rig) {
	for _, c := range Cases() {
		t.Run(c.Name, func(t *testing.T) {
			r := r.fresh(t) // a fresh minute of the vendor's rate
			if out := r.send(t, r.channel, c.Message); !arrived(out) {
				t.Fatalf("Send = %+v, want sent or accepted", out)
			}
			r.wantShown(t, c.Message)
		})
	}
}

func testSameID(t *testing.T, r *rig) {
	m := Find("expiry-3d")
	for range 2 {
		if out := r.send(t, r.channel, m); !arrived(out) {
			t.Fatalf("Send = %+v, want sent or accepted", out)
		}
		r.wantShown(t, m)
		m.At, m.PossibleDuplicate = m.At.Add(30*time.Minute), true
	}
	if ms := r.taken.Messages(); ms[0].ID != ms[len(ms)-1].ID {
		t.Errorf("ids %q and %q of two attempts differ", ms[0].ID, ms[len(ms)-1].ID)
	}
}

func testDuplicate(t *testing.T, r *rig) {
	if r.Silent {
		t.Skip("the form has no remarks")
	}
	r.send(t, r.channel, Find("expiry-duplicate"))
	if text := r.last(t).Text; !strings.Contains(text, "Possible duplicate") {
		t.Errorf("the message does not say that it may be a duplicate:\n%s", text)
	}
}

func testManyGoroutines(t *testing.T, r *rig) {
	const n = 8
	var wg sync.WaitGroup
	for i := range n {
		m := Find("expiry-30d")
		m.ID = fmt.Sprintf("%016x", i)
		m.Items[0].Notice.ID = m.ID
		wg.Go(func() {
			if out := r.send(t, r.channel, m); !arrived(out) {
				t.Errorf("Send = %+v, want sent or accepted", out)
			}
		})
	}
	wg.Wait()
	var all strings.Builder
	for _, m := range r.taken.Messages() {
		all.WriteString(m.Text)
	}
	for i := range n {
		if id := fmt.Sprintf("%016x", i); !strings.Contains(all.String(), id) {
			t.Errorf("the message %s did not arrive whole", id)
		}
	}
}

func testOversize(t *testing.T, r *rig) {
	for _, bytes := range []int{900, 2_000, 4_000, 80_000} {
		t.Run(fmt.Sprint(bytes), func(t *testing.T) {
			m := Find("failing-denied")
			n := &m.Items[0].Notice
			n.Message = strings.Repeat("密钥不存在<&>，", bytes/20)
			if out := r.send(t, r.channel, m); !arrived(out) {
				t.Fatalf("Send = %+v, want sent or accepted", out)
			}
			r.wantShown(t, m)
			if text := r.last(t).Text; !strings.Contains(text, "密钥不存在") {
				t.Error("nothing is left of the free text, though there is room")
			}
		})
	}
}

func testDigest(t *testing.T, r *rig) {
	for _, n := range []int{2, 40} {
		m := Digest(n)
		out := r.send(t, r.channel, m)
		if r.Single {
			if out.Result != watch.Permanent || r.taken.Requests() > 0 {
				t.Errorf("Send of %d notices = %+v and %d requests, want permanent and none", n, out, r.taken.Requests())
			}
			continue
		}
		if !arrived(out) {
			t.Fatalf("Send of %d notices = %+v, want sent or accepted", n, out)
		}
		r.wantShown(t, m)
	}
}

// Digest returns a message of n notices, the most severe first: a critical one,
// a third of them warnings, the rest for information.
func Digest(n int) watch.Message {
	m := Find("expiry-3d")
	warning, info := Find("expiry-30d").Items[0], Find("expiry-renewed").Items[0]
	for i := 1; i < n; i++ {
		item := info
		if i <= n/3 {
			item = warning
		}
		item.Notice.Account = fmt.Sprintf("acme-%02d", i)
		item.Notice.ID = watch.NoticeID(item.Notice.Account, 1, item.Notice.Type, now)
		m.Items = append(m.Items, item)
	}
	m.ID = watch.NoticeID("digest", uint64(n), "", now)
	return m
}

func testEnded(t *testing.T, r *rig) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if out := r.sendCtx(t, ctx, r.channel, Find("expiry-3d")); out.Result != watch.Retry {
		t.Errorf("Send with an ended context = %+v, want retry", out)
	}
	if n := len(r.taken.Messages()); n > 0 {
		t.Errorf("%d messages arrived, want none", n)
	}
}
