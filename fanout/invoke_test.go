package fanout_test

import (
	"context"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"prowatch/fanout/scf"
	"prowatch/fanout/scf/scftest"
)

func onSCF(t *testing.T) (*fleet, *scftest.Platform) {
	t.Helper()
	p := &scftest.Platform{SecretID: "AKIDrole", SecretKey: "key", Token: "token", Name: "prowatch", Namespace: "default", Region: "ap-singapore"}
	srv := httptest.NewServer(p)
	t.Cleanup(srv.Close)
	q, err := scf.Open("scf:self?endpoint="+srv.URL, scf.Options{
		Self: scf.Function{Name: "prowatch", Region: "ap-singapore"},
		Credentials: func(context.Context) (scf.Credentials, error) {
			return scf.Credentials{SecretID: "AKIDrole", SecretKey: "key", Token: "token"}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	f := newFleet(q)
	f.begin(t)
	return f, p
}

// invocations lets eight instances do what SCF took, some of it twice. An
// instance that dies, or returns an error, is given the event again. drop of
// each hundred events are lost.
func (f *fleet) invocations(t *testing.T, p *scftest.Platform, seed uint64, drop int) {
	var wg sync.WaitGroup
	for n := range uint64(8) {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(seed, n))
			for idle := 0; idle < 3; {
				event, ok := p.Take(r.IntN)
				switch {
				case !ok:
					idle++
					time.Sleep(20 * time.Millisecond)
					continue
				case r.IntN(100) < drop:
					continue
				case r.IntN(20) == 0:
					p.Again(event)
				}
				h, dead := f.instance(r)
				if _, err := h.Invoke(t.Context(), event); err != nil || dead() {
					p.Again(event)
				}
			}
		})
	}
	wg.Wait()
}

func TestAFleetOnSCFWithWorkersThatDie(t *testing.T) {
	f, p := onSCF(t)
	began := f.now()
	if answer := f.tick(t); !strings.Contains(answer, `"handed_out":`) {
		t.Errorf("the timer was answered %s", answer)
	}
	f.invocations(t, p, 1, 0)
	if n := f.unchecked(t, began); n > 0 {
		t.Errorf("%d of %d accounts were not checked", n, accounts())
	}
	f.wantToldOnce(t, 1)
	t.Logf("%d checks of %d accounts, %d requests to SCF", f.asked.Load(), accounts(), p.Requests())
}

func TestAFleetOnSCFThatLosesInvocations(t *testing.T) {
	f, p := onSCF(t)
	f.tick(t)
	f.invocations(t, p, 2, 20)
	f.later(2 * time.Minute)
	p.Again([]byte(`{"action":"tell"}`)) // of a second timer
	f.invocations(t, p, 3, 0)
	for name, c := range f.chats {
		if len(c.arrived) == 0 {
			t.Errorf("%s was told nothing within two minutes", name)
		}
	}
	f.later(time.Hour)
	began := f.now()
	f.tick(t)
	f.invocations(t, p, 4, 0)
	if n := f.unchecked(t, began); n > 0 {
		t.Errorf("%d of %d accounts were not checked", n, accounts())
	}
	// One of the call to tell, one of the sweep after it, and one of what was
	// saved by an instance that died and whose event was lost.
	f.wantToldOnce(t, 3)
}
