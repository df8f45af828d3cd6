package app

import (
	"context"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"prowatch/emulator"
)

// Many runs begin when the list is due: one lists, and each has a whole list.
func TestRunsBesideEachOtherListOnce(t *testing.T) {
	c := newCorp(t, "1", "2")
	var now atomic.Int64
	document := `
accounts: {organization: {secret_id: AKIDhub, secret_key: hub-key, endpoint: "` + c.url + `"}}
channels: {out: {type: stdout}}
`
	a, err := New(t.Context(), Options{
		LookupEnv: func(name string) (string, bool) { return document, name == "PROWATCH_CONFIG" },
		ReadFile:  os.ReadFile, Stores: Stores{"file": File}, State: "file:" + t.TempDir(), Stdout: new(strings.Builder),
		Now: func() time.Time { return time.Unix(1_800_000_000+now.Load(), 0) },
	})
	if err != nil {
		t.Fatal(err)
	}
	c.have(t, "2", "3", "4")
	now.Add(3600)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			report, err := a.Run(t.Context(), nil)
			if err != nil || len(report.Accounts) != 3 || len(report.Errs) > 0 {
				t.Errorf("got %+v, %v", report, err)
			}
			if _, err := a.Client("200000000004"); err != nil {
				t.Error(err)
			}
			if n := len(a.Current().AccountIDs()); n != 3 {
				t.Errorf("%d accounts", n)
			}
		})
	}
	wg.Wait()
	if n := c.count("DescribeOrganizationMembers"); n != 2 {
		t.Errorf("listed %d times, want 2", n)
	}
}

// A list that does not come leaves two thirds of the time for the run.
func TestASlowListLeavesTimeForTheRun(t *testing.T) {
	c := newCorp(t, "1")
	var now atomic.Int64
	document := `
accounts: {organization: {secret_id: AKIDhub, secret_key: hub-key, endpoint: "` + c.url + `"}}
channels: {out: {type: stdout}}
`
	a, err := New(t.Context(), Options{
		LookupEnv: func(name string) (string, bool) { return document, name == "PROWATCH_CONFIG" },
		ReadFile:  os.ReadFile, Stores: Stores{"file": File}, State: "file:" + t.TempDir(), Stdout: new(strings.Builder),
		Now: func() time.Time { return time.Unix(1_800_000_000+now.Load(), 0) },
	})
	if err != nil {
		t.Fatal(err)
	}
	now.Add(3600)
	if err := c.SetFaults("AKIDhub", emulator.Fault{Delay: time.Minute, Action: "DescribeOrganizationMembers", Times: emulator.Forever}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Second)
	defer cancel()
	began := time.Now()
	report, err := a.Run(ctx, nil)
	if err != nil || report.Counts().Checked != 1 || len(report.Errs) != 1 || time.Since(began) > 5*time.Second {
		t.Errorf("got %+v, %v after %s", report, err, time.Since(began))
	}
}
