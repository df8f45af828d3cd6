package heartbeat

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"prowatch/notify"
	"prowatch/watch"
)

// Bounds of a ping.
const (
	pingTime  = 3 * time.Second        // one try
	tries     = 2                      // the second after a fault of the network or the service
	pauseTime = 250 * time.Millisecond // between them
	endMargin = 500 * time.Millisecond // before the deadline no ping is under way
	startWait = time.Second            // what the end of a run waits for its first ping
	lastTime  = 2 * time.Second        // for the last ping of a run that was stopped
)

// Options are the settings of [New].
type Options struct {
	// URL is that of the check, with or without a query. It must be https, or
	// http on this machine. It is a secret.
	URL string

	// Client carries the pings; no redirect is followed. It defaults to
	// http.DefaultClient.
	Client *http.Client

	// Fault is called for a ping that failed, with an error that holds no
	// secret; possibly from another goroutine. It may be nil.
	Fault func(error)

	// NewID returns a run's id, a UUID; it defaults to a random one.
	NewID func() string
}

// A Heart pings one check.
type Heart struct {
	url    url.URL
	client *http.Client
	fault  func(error)
	newID  func() string
}

// New returns a heart. Its error names the key and the mend, never the URL.
func New(o Options) (*Heart, error) {
	u, err := notify.ParseURL("heartbeat.url", o.URL, true)
	if err != nil {
		return nil, err
	}
	if u.Scheme == "http" && !notify.Loopback(u.Hostname()) {
		return nil, errors.New("heartbeat.url: is http:// and would send the URL in the clear, which is a secret: use https://")
	}
	h := &Heart{url: *u, client: &http.Client{}, fault: o.Fault, newID: o.NewID}
	h.url.Fragment, h.url.RawFragment = "", ""
	if o.Client != nil {
		*h.client = *o.Client
	}
	h.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if h.fault == nil {
		h.fault = func(error) {}
	}
	if h.newID == nil {
		h.newID = randomID
	}
	return h, nil
}

// A Beat is the pings of one run.
type Beat struct {
	heart   *Heart
	id      string
	started chan struct{} // closed when the first ping is over
	giveUp  context.CancelFunc
}

// Start tells that a run begins, beside it. [Beat.End] must follow.
func (h *Heart) Start(ctx context.Context) *Beat {
	ctx, cancel := context.WithCancel(ctx)
	b := &Beat{heart: h, id: h.newID(), started: make(chan struct{}), giveUp: cancel}
	go func() {
		defer close(b.started)
		b.ping(ctx, "start", "")
	}()
	return b
}

// End tells how the run ended, after the first ping is over, lest the service
// take the run for one that goes on. It returns before the deadline of ctx, and
// soon where ctx was cancelled: a run that was stopped has ended, too.
func (b *Beat) End(ctx context.Context, report *watch.Report, err error) {
	defer b.giveUp()
	select {
	case <-b.started:
	case <-time.After(startWait):
		b.giveUp()
		<-b.started
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), lastTime)
		defer cancel()
	}
	if why := failure(report, err); why != "" {
		b.ping(ctx, "fail", why+"\n"+figures(report))
		return
	}
	b.ping(ctx, "", figures(report))
}

// failure says why a run counts as failed, "" where it does not: no run was
// possible, no account gave a reading (where it hands accounts to workers, none in
// the sweep before), or there was something to tell and no
// channel took it. What failed in part is told in the channels.
func failure(report *watch.Report, err error) string {
	switch {
	case err != nil:
		return "no run was possible: " + notify.Clip(notify.OneLine(err.Error()), 300)
	case report == nil:
		return "the run broke off"
	case !report.Done():
		return "nothing could be done"
	}
	c := report.Counts()
	switch last := report.Completed; {
	case c.Accounts > c.HandedOut && c.Checked == 0:
		return "no account could be read"
	case c.HandedOut > 0 && last != nil && last.Accounts > 0 && last.Checked == 0:
		return "no account could be read in the sweep that began at " + last.Began.UTC().Format(time.RFC3339)
	}
	for _, d := range report.Deliveries {
		if d.Outcome.Result == watch.Sent || d.Outcome.Result == watch.Accepted {
			return ""
		}
	}
	if len(report.Deliveries) > 0 {
		return "no channel took a message"
	}
	return ""
}

// figures are the run's, in a line.
func figures(report *watch.Report) string {
	if report == nil {
		return ""
	}
	c := report.Counts()
	handedOut := ""
	if c.HandedOut > 0 {
		handedOut = fmt.Sprintf(", handed out %d", c.HandedOut)
	}
	return fmt.Sprintf("accounts %d%s, checked %d, failed %d, skipped %d, notices %d, sent %d, pending %d, took %s\n",
		c.Accounts, handedOut, c.Checked, c.Failed, c.Skipped, c.Notices, c.Sent, c.Pending, report.Took.Round(time.Millisecond))
}

// address returns the URL of a ping: what follows the path, and the run's id
// behind the query that the URL has.
func (h *Heart) address(what, id string) string {
	u := h.url
	if what != "" {
		u.Path = strings.TrimSuffix(u.Path, "/") + "/" + what
		if u.RawPath != "" {
			u.RawPath = strings.TrimSuffix(u.RawPath, "/") + "/" + what
		}
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += "rid=" + id
	return u.String()
}

// randomID returns a UUID of version 4, RFC 9562.
func randomID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
