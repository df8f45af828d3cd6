package heartbeat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"prowatch/notify"
)

// maxAnswer is how much of an answer is read, in bytes; it is a few words.
const maxAnswer = 1 << 10

// ping sends one, and says of one that failed why.
func (b *Beat) ping(ctx context.Context, what, body string) {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-endMargin))
		defer cancel()
	}
	var err error
	for try := range tries {
		if try > 0 && !wait(ctx, pauseTime) {
			break
		}
		var again bool
		if again, err = b.heart.try(ctx, b.heart.address(what, b.id), body); !again {
			break
		}
	}
	if err == nil {
		return
	}
	if what == "" {
		what = "success"
	}
	b.heart.fault(fmt.Errorf("heartbeat: telling %s: %w", what, err))
}

// try sends a ping once, and reports whether another try may help.
func (h *Heart) try(ctx context.Context, address, body string) (again bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return false, errors.New("the URL cannot be used in a request: check heartbeat.url")
	}
	req.Header.Set("User-Agent", "prowatch")
	req.Header.Set("Content-Type", "text/plain; charset=utf-8")
	req.Close = true // the next is a run away
	resp, err := h.client.Do(req)
	if err != nil {
		return true, bare(err)
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswer)) // the status tells
	return judge(resp.StatusCode, string(answer))
}

// judge tells what an answer says. By a check's UUID healthchecks.io answers 200
// whatever becomes of the ping, and puts in brackets what did.
func judge(status int, answer string) (again bool, err error) {
	switch {
	case status/100 == 2 && strings.HasPrefix(answer, "OK (not found)"):
		return false, errors.New("the service knows no such check: check heartbeat.url")
	case status/100 == 2 && strings.HasPrefix(answer, "OK (rate limited)"):
		return false, errors.New("the service limits the rate of pings and dropped this one")
	case status/100 == 2:
		return false, nil
	case status == http.StatusTooManyRequests, status/100 == 5:
		return true, fmt.Errorf("the service answers with status %d", status)
	}
	return false, fmt.Errorf("the service answers with status %d: check heartbeat.url", status)
}

// bare returns what went wrong in own words: the errors of net/http hold the URL.
func bare(err error) error {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("no answer in time")
	case errors.Is(err, context.Canceled):
		return errors.New("given up before an answer came")
	}
	return errors.New(notify.Unanswered("the service", err, false).Text)
}

// wait sleeps, unless ctx ends first.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
