package stdout_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/notify/stdout"
	"prowatch/watch"
)

func open(t *testing.T, w io.Writer, color bool) watch.Notifier {
	t.Helper()
	n, err := stdout.New(stdout.Config{}, notify.Deps{Stdout: w, Color: color, Zone: time.FixedZone("CST", 8*60*60)})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// paper is an output that many may write to.
type paper struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (p *paper) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.Write(b)
}

func (p *paper) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.String()
}

func TestContract(t *testing.T) {
	notifytest.RunLocal(t, func(t *testing.T) (watch.Notifier, func() string) {
		p := &paper{}
		return open(t, p, false), p.String
	})
}

func TestGolden(t *testing.T) {
	p := &paper{}
	for _, c := range append(notifytest.Cases(), notifytest.Case{Message: notifytest.Digest(3)}) {
		open(t, p, false).Send(t.Context(), c.Message)
	}
	notifytest.Golden(t, "plain.txt", p.String())
}

func TestColour(t *testing.T) {
	p := &paper{}
	for _, name := range []string{"expiry-1d", "expiry-30d", "expiry-renewed", "resource", "expiry-late"} {
		open(t, p, true).Send(t.Context(), notifytest.Find(name))
	}
	notifytest.Golden(t, "colour.txt", p.String())
}

func TestNoOutput(t *testing.T) {
	if _, err := stdout.New(stdout.Config{}, notify.Deps{}); err == nil {
		t.Error("New without an output gave no error")
	}
}

type writerFunc func(b []byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func TestBadOutputs(t *testing.T) {
	for _, tt := range []struct {
		name string
		out  writerFunc
		want watch.Result
	}{
		{"closed", func([]byte) (int, error) { return 0, io.ErrClosedPipe }, watch.Retry},
		{"closed within", func([]byte) (int, error) { return 9, errors.New("disk full") }, watch.Unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if out := open(t, tt.out, false).Send(t.Context(), notifytest.Find("expiry-3d")); out.Result != tt.want {
				t.Errorf("Send = %+v, want %s", out, tt.want)
			}
		})
	}
}

func TestABlockedOutputDoesNotBlockTheRun(t *testing.T) {
	r, w := io.Pipe()
	n := open(t, w, false)
	send := func() watch.Outcome {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		return n.Send(ctx, notifytest.Find("expiry-3d"))
	}
	if out := send(); out.Result != watch.Unknown {
		t.Errorf("Send to a blocked output = %+v, want unknown", out)
	}
	if out := send(); out.Result != watch.Retry {
		t.Errorf("Send behind one that is blocked = %+v, want retry", out)
	}
	printed := make(chan string)
	go func() {
		b, _ := io.ReadAll(r)
		printed <- string(b)
	}()
	if out := n.Send(t.Context(), notifytest.Find("expiry-1d")); out.Result != watch.Sent {
		t.Errorf("Send when the output flows again = %+v, want sent", out)
	}
	_ = w.Close()
	if got := strings.Count(<-printed, "[CRITICAL]"); got != 2 {
		t.Errorf("%d messages were printed, want 2: the one that was unknown and the last", got)
	}
}
