package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"prowatch/config"
	"prowatch/tcss"
	"prowatch/watch"
)

// patient is what was found of one account.
type patient struct {
	findings []Finding
	failure  *watch.Failure
}

// accounts asks the API about every account that can be asked.
func (d *doctor) accounts(ctx context.Context) []patient {
	todo := d.app.Runner.Accounts
	patients := make([]patient, len(todo))
	d.each(len(todo), func(i int) { patients[i] = d.account(ctx, &todo[i]) })
	return patients
}

func (d *doctor) account(ctx context.Context, acc *watch.Account) patient {
	reading, err := acc.Source.Read(ctx)
	if err != nil {
		f := &watch.Failure{Class: watch.Unavailable, Message: err.Error()}
		errors.As(err, &f)
		return patient{[]Finding{{"account", acc.ID, Faulty, f.Error(), tcss.Mend(f)}}, f}
	}
	p := patient{findings: []Finding{{"account", acc.ID, Good, "the key is taken and may ask; the licence is " + string(reading.Status), ""}}}
	if reading.Status == watch.Normal {
		p.findings = append(p.findings, d.expiry(ctx, acc, &reading))
	}
	return p
}

// expiry says whether the end of a Normal licence can be watched. Where the
// answer has none it tries the other source.
func (d *doctor) expiry(ctx context.Context, acc *watch.Account, r *watch.Reading) Finding {
	f := Finding{Part: "expiry", Name: acc.ID, Verdict: Good}
	if r.EndTime != "" {
		f.Text = "the end is known and watched: " + r.EndTime + " in " + acc.Policy.Zone.String()
		if end, err := watch.ParseTime(r.EndTime, acc.Policy.Zone); err == nil && end.Before(time.Now()) {
			f.Text += ", which is past"
		}
		return f
	}
	f.Verdict, f.Text = Doubtful, "the API gives no EndTime, so the end cannot be watched"
	if acc.Policy.ExpirySource == watch.PurchaseState {
		f.Text = "neither DescribeProVersionInfo nor DescribePurchaseStateInfo gives an end, so only the status is watched"
		f.Mend = "note the end elsewhere, and ask Tencent Cloud's support why the API has none"
		return f
	}
	f.Mend = "set policy.expiry_source: purchase_state"
	other, err := d.readPurchaseState(ctx, acc.ID)
	var failure *watch.Failure
	switch {
	case errors.As(err, &failure) && failure.Class == watch.Denied:
		f.Mend += ", and allow tcss:DescribePurchaseStateInfo for this key, which it may not ask yet"
	case err != nil:
		f.Mend += "; whether that gives an end could not be tried now"
	case other.EndTime == "":
		f.Text += ", and DescribePurchaseStateInfo gives none either"
		f.Mend = "note the end elsewhere, and ask Tencent Cloud's support why the API has none"
	default:
		f.Mend += ", which gives " + other.EndTime
	}
	return f
}

// readPurchaseState asks as if the account's policy said so.
func (d *doctor) readPurchaseState(ctx context.Context, id string) (watch.Reading, error) {
	acc, ok := d.app.setting(id)
	if !ok {
		return watch.Reading{}, fmt.Errorf("no account %.64q is configured", id)
	}
	acc.Policy.ExpirySource = watch.PurchaseState
	_, clients, err := d.app.open([]config.Account{acc})
	if err != nil {
		return watch.Reading{}, err
	}
	return clients[id].Read(ctx)
}

// The API refuses a signature that is further from its clock,
// https://intl.cloud.tencent.com/document/api/608/33031; a clock that is off by
// the second limit is likely to be set by nobody.
const (
	clockLimit = 5 * time.Minute
	clockDoubt = 1 * time.Minute
)

func (d *doctor) clock(patients []patient) {
	const mend = "set this machine's clock, best by NTP"
	expired, answered := false, false
	for _, p := range patients {
		expired = expired || p.failure != nil && p.failure.Code == "AuthFailure.SignatureExpire"
		answered = answered || p.failure == nil
	}
	offset, known := d.dates.offset()
	off := offset.Abs().Round(time.Second)
	switch {
	case expired || known && off > clockLimit:
		text := "this machine's clock is more than 5 minutes from the API's"
		if known && off > clockLimit {
			text = fmt.Sprintf("this machine's clock is %s from the API's", off)
		}
		d.add("clock", "", Faulty, text, mend)
	case known && off > clockDoubt:
		d.add("clock", "", Doubtful, fmt.Sprintf("this machine's clock is %s from the API's; from 5 minutes on it refuses every request", off), mend)
	case known:
		d.add("clock", "", Good, fmt.Sprintf("within %s of the API's", max(off, time.Second)), "")
	case answered:
		d.add("clock", "", Good, "within 5 minutes of the API's, which took the signature", "")
	case len(patients) > 0:
		d.add("clock", "", Doubtful, "could not be compared: the API gave no answer", "see the accounts")
	}
}

// dates is a RoundTripper that compares the Date of the answers with this
// machine's clock.
type dates struct {
	next http.RoundTripper

	mu    sync.Mutex
	best  time.Duration // the shortest time an answer took
	apart time.Duration // what its Date was ahead of the clock
	known bool
}

// RoundTrip sends r.
func (d *dates) RoundTrip(r *http.Request) (*http.Response, error) {
	began := time.Now()
	resp, err := d.next.RoundTrip(r)
	took := time.Since(began)
	if err != nil {
		return nil, err
	}
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		d.note(date.Sub(began.Add(took/2)), took)
	}
	return resp, nil
}

// note keeps what the quickest answer said. A Date has whole seconds, so it is
// half a second behind on average.
func (d *dates) note(apart, took time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.known || took < d.best {
		d.known, d.best, d.apart = true, took, apart+time.Second/2
	}
}

// offset returns how far the API's clock is ahead of this machine's, and whether
// any answer said.
func (d *dates) offset() (time.Duration, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.apart, d.known
}
