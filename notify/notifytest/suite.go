// Package notifytest is the contract of watch.Notifier as a suite: each "must"
// of its comment, and of the rules of delivery, is a subtest that every channel
// passes. [Run] is for channels that post to a vendor, [RunLocal] for others.
//
// The package also has the sample messages, one of every type and variant, and
// the golden files that show what a channel makes of them.
package notifytest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"prowatch/notify/sink"
	"prowatch/watch"
)

// soon is how long a Send may take where nothing hangs, and after its ctx ended.
const soon = 5 * time.Second

// maxReason is the bound of an outcome's text, in bytes.
const maxReason = 300

// A Harness tells the suite about a channel that posts to a vendor.
type Harness struct {
	// New returns the channel, which sends to the server at base. Its
	// configuration must hold every one of Secrets.
	New func(t *testing.T, base string, client *http.Client) watch.Notifier

	// Sink returns the vendor, which knows the secrets too.
	Sink func() *sink.Sink

	// Secrets are what no outcome may hold, beside base.
	Secrets []string

	// Refusals are the vendor's answers and what they mean.
	Refusals []Refusal

	// ProvedByStatus says that the vendor's proof is any 2xx. The others must
	// prove it in the body.
	ProvedByStatus bool

	// Queues says that any 2xx but a page is the vendor's word that it queued the
	// message, and that it says no more.
	Queues bool

	// Single says that a message holds one notice; otherwise it takes digests.
	Single bool

	// Silent says that the form has no place for remarks: the id is enough.
	Silent bool

	// Shows returns what must be found in the message however long its free text
	// is. It defaults to the title's fixed words, the end, the link and the id.
	Shows func(m watch.Message) []string
}

// A Refusal is an answer of the vendor and what it means.
type Refusal struct {
	Name  string
	Fault sink.Fault
	Want  watch.Outcome // Text is not compared
}

// Run runs the suite.
func Run(t *testing.T, h Harness) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.fn(t, newRig(t, h)) })
	}
}

// tests are the promises that a channel keeps.
var tests = []struct {
	name string
	fn   func(t *testing.T, r *rig)
}{
	{"EveryTypeArrives", testEveryType},
	{"TheSameIDWithEveryAttempt", testSameID},
	{"APossibleDuplicateSaysSo", testDuplicate},
	{"SafeForManyGoroutines", testManyGoroutines},
	{"OversizeChineseKeepsTitleEndLinkAndID", testOversize},
	{"ADigestArrivesOrIsRefused", testDigest},
	{"EachRefusalIsJudged", testRefusals},
	{"EachStatusIsJudged", testStatuses},
	{"RetryAfterIsObeyed", testRetryAfter},
	{"SuccessIsProved", testProof},
	{"NoRedirectIsFollowed", testRedirect},
	{"NeverWrittenIsRetry", testNeverWritten},
	{"WrittenWithoutAnswerIsUnknown", testNoAnswer},
	{"AnEndedContextSendsNothing", testEnded},
	{"ReturnsSoonAfterContextEnds", testEndsMidway},
	{"AnEndlessAnswerIsNotRead", testEndless},
	{"NoSecretInTheOutcome", testEchoes},
}

// A rig is a channel with its vendor.
type rig struct {
	Harness
	server  *httptest.Server
	sink    *sink.Sink
	channel watch.Notifier

	taken  taker                   // the sink, or a mail server
	hidden []string                // what no outcome may hold
	fresh  func(t *testing.T) *rig // returns another
}

// A taker is what the far side took.
type taker interface {
	Messages() []sink.Message
	Requests() int
}

func newRig(t *testing.T, h Harness) *rig {
	t.Helper()
	if h.Shows == nil {
		h.Shows = shows
	}
	r := &rig{Harness: h, sink: h.Sink()}
	r.server = httptest.NewServer(r.sink)
	t.Cleanup(r.server.Close)
	r.channel = h.New(t, r.server.URL, r.server.Client())
	r.taken, r.hidden = r.sink, append([]string{r.server.URL}, h.Secrets...)
	r.fresh = func(t *testing.T) *rig { return newRig(t, h) }
	return r
}

// to returns the channel with another far side.
func (r *rig) to(t *testing.T, far http.HandlerFunc) watch.Notifier {
	t.Helper()
	server := httptest.NewServer(far)
	t.Cleanup(server.Close)
	return r.New(t, server.URL, server.Client())
}

// send sends m and checks what holds for every outcome.
func (r *rig) send(t *testing.T, n watch.Notifier, m watch.Message) watch.Outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	return r.sendCtx(t, ctx, n, m)
}

func (r *rig) sendCtx(t *testing.T, ctx context.Context, n watch.Notifier, m watch.Message) watch.Outcome {
	t.Helper()
	out := n.Send(ctx, m)
	checkOutcome(t, out)
	for _, secret := range r.hidden {
		if strings.Contains(out.Text+out.Code, secret) {
			t.Errorf("outcome %+v holds the secret %q", out, secret)
		}
	}
	return out
}

func checkOutcome(t *testing.T, out watch.Outcome) {
	t.Helper()
	switch out.Result {
	case watch.Sent, watch.Accepted, watch.Retry, watch.Unknown, watch.Permanent:
	default:
		t.Errorf("result %q is none of the five", out.Result)
	}
	if out.Text == "" || len(out.Text) > maxReason || !utf8.ValidString(out.Text) {
		t.Errorf("text %q: want 1 to 300 bytes of UTF-8", out.Text)
	}
	if out.After < 0 || out.After > 0 && out.Result != watch.Retry {
		t.Errorf("after %v with %s: want 0, or more with retry", out.After, out.Result)
	}
}

func arrived(out watch.Outcome) bool {
	return out.Result == watch.Sent || out.Result == watch.Accepted
}

// last returns the last message that the far side took.
func (r *rig) last(t *testing.T) sink.Message {
	t.Helper()
	ms := r.taken.Messages()
	if len(ms) == 0 {
		t.Fatal("nothing arrived")
	}
	return ms[len(ms)-1]
}

// shows is what a message for people always holds.
func shows(m watch.Message) []string {
	want := []string{"prowatch", m.ID}
	for _, item := range m.Items[:1] {
		want = append(want, item.Notice.ID)
		switch item.Notice.Type {
		case watch.DeliveryFailed, watch.DeliveryRecovered, watch.WatchAlive: // is no matter of the console
		default:
			want = append(want, consoleHost)
		}
		if end := item.Notice.EndTime; !end.IsZero() {
			want = append(want, end.Format("2006-01-02 15:04"))
		}
	}
	return want
}
