package s3_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"prowatch/store/s3"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

var (
	raced    = refusal(http.StatusConflict, "ConditionalRequestConflict")
	slowDown = refusal(http.StatusServiceUnavailable, "SlowDown")
	internal = refusal(http.StatusInternalServerError, "InternalError")
)

func refusal(status int, code string) server.Fault {
	return server.Answer(status, "<Error><Code>"+code+"</Code><Message>sorry</Message></Error>", "Content-Type: application/xml")
}

// broken returns a store whose writes meet the faults, and one beside it whose
// requests go well.
func broken(t *testing.T, faults ...server.Fault) (bad, good *s3.Store) {
	t.Helper()
	fine := server.InMemory(new(fake))
	return open(t, "s3://bucket", onWrites{fine, &server.Broken{Next: fine, Faults: faults}}), open(t, "s3://bucket", fine)
}

// onWrites sends reads and writes different ways.
type onWrites struct{ reads, writes http.RoundTripper }

func (o onWrites) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method == http.MethodGet {
		return o.reads.RoundTrip(req)
	}
	return o.writes.RoundTrip(req)
}

func TestAWriteWhoseAnswerWasLostIsKnownAgain(t *testing.T) {
	for name, faults := range map[string][]server.Fault{
		"lost":            {server.Lost, server.Pass},
		"lost twice":      {server.Lost, server.Lost, server.Pass},
		"never arrived":   {server.Unsent, server.Pass},
		"raced first":     {raced, slowDown, server.Lost, server.Pass},
		"then raced":      {server.Lost, raced, internal, server.Pass},
		"raced to an end": {server.Lost, raced},
		"all went well":   {server.Pass},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bad, good := broken(t, faults...)
				wantSaved(t, bad, good, "")
				bad, good = broken(t, faults...)
				wantSaved(t, bad, good, save(t, good, "k", "old", ""))
				bad, good = broken(t, faults...)
				if err := bad.Delete(t.Context(), "k", save(t, good, "k", "old", "")); err != nil {
					t.Errorf("Delete: got error %v, want none", err)
				}
				if _, _, err := good.Load(t.Context(), "k"); !errors.Is(err, watch.ErrNotFound) {
					t.Errorf("Load of what was deleted: got error %v, want %v", err, watch.ErrNotFound)
				}
			})
		})
	}
}

func save(t *testing.T, s *s3.Store, key, data, expected string) (version string) {
	t.Helper()
	version, err := s.Save(t.Context(), key, []byte(data), expected)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

// wantSaved saves with the bad store and wants the good one to have it.
func wantSaved(t *testing.T, bad, good *s3.Store, expected string) {
	t.Helper()
	version := save(t, bad, "k", "new", expected)
	data, got, err := good.Load(t.Context(), "k")
	if string(data) != "new" || got != version || err != nil {
		t.Errorf("Load: got %q, version %q, error %v, want %q, version %q", data, got, err, "new", version)
	}
}

func TestAConflictIsStillOneAfterLostAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, faults := range map[string][]server.Fault{
			"never arrived":   {server.Unsent, server.Pass},
			"lost":            {server.Lost, server.Pass},
			"raced":           {raced, server.Pass},
			"raced to an end": {raced},
		} {
			bad, good := broken(t, faults...)
			stale := save(t, good, "k", "old", "")
			save(t, good, "k", "another's", stale)
			for what, expected := range map[string]string{"creating": "", "saving": stale} {
				if _, err := bad.Save(t.Context(), "k", []byte("mine"), expected); !errors.Is(err, watch.ErrConflict) {
					t.Errorf("%s, %s: got error %v, want %v", name, what, err, watch.ErrConflict)
				}
			}
			if err := bad.Delete(t.Context(), "k", stale); !errors.Is(err, watch.ErrConflict) {
				t.Errorf("%s, deleting: got error %v, want %v", name, err, watch.ErrConflict)
			}
		}
	})
}

// TestWhatAnotherDeletesMeanwhileIsGone has another writer delete between the
// look of a Delete and its request, which the server certainly refused before.
func TestWhatAnotherDeletesMeanwhileIsGone(t *testing.T) {
	for name, before := range map[string][]server.Fault{"at once": nil, "after a race": {raced}, "after being slowed down": {slowDown, slowDown}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fine := server.InMemory(new(fake))
				good := open(t, "s3://bucket", fine)
				version := save(t, good, "k", "x", "")
				overtaken := func(req *http.Request, next http.RoundTripper) (*http.Response, error) {
					if err := good.Delete(t.Context(), "k", version); err != nil {
						t.Error(err)
					}
					return next.RoundTrip(req)
				}
				bad := open(t, "s3://bucket", onWrites{fine, &server.Broken{Next: fine, Faults: append(before, overtaken)}})
				if err := bad.Delete(t.Context(), "k", version); !errors.Is(err, watch.ErrNotFound) {
					t.Errorf("Delete: got error %v, want %v", err, watch.ErrNotFound)
				}
			})
		})
	}
}

// TestAFailureClaimsNothing breaks every attempt: the error must not be one of
// the store's own words, and the record is the old one or the new one.
func TestAFailureClaimsNothing(t *testing.T) {
	for _, tt := range []struct {
		name    string
		fault   server.Fault
		written bool
		want    string
	}{
		{"never arrives", server.Unsent, false, "no answer from bucket.s3.us-east-1.amazonaws.com: connection reset by peer"},
		{"is lost", server.Lost, true, "no answer from bucket.s3.us-east-1.amazonaws.com: connection reset by peer"},
		{"is slowed down", slowDown, false, "lower the concurrency"},
		{"meets a fault of S3", internal, false, "InternalError: sorry"},
		{"meets a server without conditions", refusal(http.StatusNotImplemented, "NotImplemented"), false, "has no conditional writes"},
		{"meets a page of HTML", server.Answer(http.StatusBadGateway, "<html>Bad Gateway</html>", "Content-Type: text/html"), false, ""},
		{"meets an empty answer", server.Answer(http.StatusBadRequest, ""), false, ""},
		{"meets an answer without ETag", server.Answer(http.StatusOK, ""), false, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bad, good := broken(t, tt.fault)
				version := save(t, good, "k", "old", "")
				began := time.Now()
				_, err := bad.Save(t.Context(), "k", []byte("new"), version)
				wantFailure(t, "Save", err, tt.want)
				if took := time.Since(began); took > 10*time.Second {
					t.Errorf("Save gave up after %v, want seconds", took)
				}
				data, _, err := good.Load(t.Context(), "k")
				if written := string(data) == "new"; written != tt.written || err != nil {
					t.Errorf("Load: got %q, error %v, want it written: %v", data, err, tt.written)
				}
				all := open(t, "s3://bucket", &server.Broken{Next: server.InMemory(new(fake)), Faults: []server.Fault{tt.fault}})
				_, _, err = all.Load(t.Context(), "k")
				wantFailure(t, "Load", err, "")
				wantFailure(t, "Delete", all.Delete(t.Context(), "k", version), "")
			})
		})
	}
}

func wantFailure(t *testing.T, what string, err error, text string) {
	t.Helper()
	if err == nil || errors.Is(err, watch.ErrConflict) || errors.Is(err, watch.ErrNotFound) || !strings.Contains(err.Error(), text) {
		t.Errorf("%s: got error %v, want a failure with %q", what, err, text)
	}
}

func TestAServerThatHangsIsLeftWhenTheContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad, _ := broken(t, server.Hang)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began := time.Now()
		_, err := bad.Save(ctx, "k", nil, "")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 3*time.Second {
			t.Errorf("Save: got error %v after %v, want %v after 3s", err, time.Since(began), context.DeadlineExceeded)
		}
	})
}
