package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"prowatch/notify/sink"
	"prowatch/store/memory"
	"prowatch/watch"
)

// shanghai is the zone of the API's times.
var shanghai = time.FixedZone("CST", 8*60*60)

// town is an app with real channels, whose far sides are sinks on this machine,
// a clock of its own, and accounts that say what they are told to.
type town struct {
	*App
	clock  atomic.Int64 // Unix seconds
	inbox  map[string]inbox
	says   func(account string) watch.Edition
	memory *memory.Store
}

// inbox is what a sink took.
type inbox interface{ Messages() []sink.Message }

// sourceFunc is a watch.Source made of a func.
type sourceFunc func(context.Context) (watch.Reading, error)

func (f sourceFunc) Read(ctx context.Context) (watch.Reading, error) { return f(ctx) }

// newTown has the accounts, and a channel of each row; a row's %s is the URL of
// its sink, by the name of the row.
func newTown(t *testing.T, accounts int, rows map[string]string, more string, far map[string]http.Handler) *town {
	t.Helper()
	w := &town{inbox: map[string]inbox{}, memory: new(memory.Store)}
	w.clock.Store(time.Date(2026, 11, 24, 9, 7, 0, 0, shanghai).Unix())
	var b strings.Builder
	b.WriteString("policy: {expiry_source: pro_version}\naccounts:\n")
	for i := range accounts {
		fmt.Fprintf(&b, "  - {id: acme-%04d, secret_id: AKIDx, secret_key: y, site: %s, labels: {team: sec, env: 生产}}\n", i, []string{"intl", "cn"}[i%2])
	}
	b.WriteString("channels:\n")
	for name, row := range rows {
		if h := far[name]; h != nil {
			srv := httptest.NewServer(h)
			t.Cleanup(srv.Close)
			row = fmt.Sprintf(row, srv.URL)
			w.inbox[name], _ = h.(inbox)
		}
		b.WriteString("  " + name + ": " + row + "\n")
	}
	a, err := New(t.Context(), Options{
		LookupEnv: func(name string) (string, bool) { return b.String() + more, name == "PROWATCH_CONFIG" },
		ReadFile:  os.ReadFile, State: "memory:", Now: w.now,
		Stores: Stores{"memory": func(context.Context, string, Use) (watch.Store, error) { return w.memory, nil }},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range a.Runner.Accounts {
		acc := &a.Runner.Accounts[i]
		acc.Source = sourceFunc(func(context.Context) (watch.Reading, error) {
			return watch.Reading{Edition: w.says(acc.ID)}, nil
		})
	}
	a.Runner.Random = func() float64 { return 0 } // the shortest waits
	w.App = a
	return w
}

func (w *town) now() time.Time { return time.Unix(w.clock.Load(), 0) }

// run lets time pass, and then a run.
func (w *town) run(t *testing.T, after time.Duration) *watch.Report {
	t.Helper()
	w.clock.Add(int64(after / time.Second))
	report, err := w.Run(t.Context(), nil)
	if err != nil || len(report.Errs) > 0 {
		t.Fatalf("%v, %+v", errors.Join(append(report.Errs, err)...), report.Counts())
	}
	return report
}

// receipts returns those of the channel, by type of notice, over all accounts.
func (w *town) receipts(t *testing.T, channel string) map[watch.Type]watch.Receipt {
	t.Helper()
	records, err := w.Runner.Records(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := map[watch.Type]watch.Receipt{}
	for _, rec := range records {
		for _, e := range rec.Ledger {
			if r, ok := e.Receipts[channel]; ok {
				all[e.Notice.Type] = r
			}
		}
	}
	return all
}

// ending is a Normal edition with the end.
func ending(end time.Time) watch.Edition {
	return watch.Edition{Status: watch.Normal, EndTime: end.In(shanghai).Format(watch.TimeLayout), ResourceID: "tcss-1", IsPurchased: true, MaxPostPayCoresCnt: 500}
}

// mailbox starts a mail server and returns it with its address.
func mailbox(t *testing.T) (*sink.SMTP, string) {
	t.Helper()
	s := sink.NewSMTP(sink.SMTPOptions{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(l)
	t.Cleanup(s.Close)
	return s, l.Addr().String()
}
