package dynamodb_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"prowatch/store/dynamodb"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

var (
	throttled = server.Answer(http.StatusBadRequest, `{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"Rate exceeded"}`)
	internal  = server.Answer(http.StatusInternalServerError, `{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"sorry"}`)
)

// broken returns a store whose requests meet the faults, and one beside it
// whose requests go well.
func broken(t *testing.T, faults ...server.Fault) (bad, good *dynamodb.Store, rt *server.Broken) {
	t.Helper()
	fine := server.InMemory(&fake{table: "prowatch"})
	rt = &server.Broken{Next: fine, Faults: faults}
	return open(t, "dynamodb:prowatch", rt), open(t, "dynamodb:prowatch", fine), rt
}

func TestAWriteWhoseAnswerWasLostIsKnownAgain(t *testing.T) {
	for name, faults := range map[string][]server.Fault{
		"lost":            {server.Lost, server.Pass},
		"lost twice":      {server.Lost, server.Lost, server.Pass},
		"never arrived":   {server.Unsent, server.Pass},
		"throttled first": {throttled, throttled, server.Lost, server.Pass},
		"then throttled":  {server.Lost, throttled, internal, server.Pass},
		"all went well":   {server.Pass},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bad, good, _ := broken(t, faults...)
				wantSaved(t, bad, good, "")
				bad, good, _ = broken(t, faults...)
				wantSaved(t, bad, good, save(t, good, "k", "old", ""))
				bad, good, _ = broken(t, faults...)
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

func save(t *testing.T, s *dynamodb.Store, key, data, expected string) (version string) {
	t.Helper()
	version, err := s.Save(t.Context(), key, []byte(data), expected)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

// wantSaved saves with the bad store and wants the good one to have it.
func wantSaved(t *testing.T, bad, good *dynamodb.Store, expected string) {
	t.Helper()
	version := save(t, bad, "k", "new", expected)
	data, got, err := good.Load(t.Context(), "k")
	if string(data) != "new" || got != version || err != nil {
		t.Errorf("Load: got %q, version %q, error %v, want %q, version %q", data, got, err, "new", version)
	}
}

func TestAConflictIsStillOneAfterLostAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, fault := range map[string]server.Fault{"never arrived": server.Unsent, "lost": server.Lost, "throttled": throttled} {
			bad, good, _ := broken(t, fault, server.Pass)
			save(t, good, "k", "another's", "")
			if _, err := bad.Save(t.Context(), "k", []byte("mine"), ""); !errors.Is(err, watch.ErrConflict) {
				t.Errorf("%s: Save: got error %v, want %v", name, err, watch.ErrConflict)
			}
			bad, good, _ = broken(t, fault, server.Pass)
			save(t, good, "k", "another's", "")
			if err := bad.Delete(t.Context(), "k", "stale"); !errors.Is(err, watch.ErrConflict) {
				t.Errorf("%s: Delete: got error %v, want %v", name, err, watch.ErrConflict)
			}
		}
	})
}

func TestAThrottledDeleteOfNothingIsNoSuccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad, _, _ := broken(t, throttled, server.Pass)
		if err := bad.Delete(t.Context(), "k", "stale"); !errors.Is(err, watch.ErrNotFound) {
			t.Errorf("Delete: got error %v, want %v", err, watch.ErrNotFound)
		}
	})
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
		{"never arrives", server.Unsent, false, "no answer from dynamodb.us-east-1.amazonaws.com: connection reset by peer"},
		{"is lost", server.Lost, true, "no answer from dynamodb.us-east-1.amazonaws.com: connection reset by peer"},
		{"is throttled", throttled, false, "too little capacity"},
		{"meets a fault of DynamoDB", internal, false, "InternalServerError: sorry"},
		{"meets a page of HTML", server.Answer(http.StatusBadGateway, "<html>Bad Gateway</html>", "Content-Type: text/html"), false, ""},
		{"meets an empty answer", server.Answer(http.StatusBadRequest, ""), false, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bad, good, _ := broken(t, tt.fault)
				version := save(t, good, "k", "old", "")
				began := time.Now()
				_, err := bad.Save(t.Context(), "k", []byte("new"), version)
				wantFailure(t, "Save", err, tt.want)
				if took := time.Since(began); took > 10*time.Second {
					t.Errorf("Save gave up after %v, want seconds", took)
				}
				data, version, err := good.Load(t.Context(), "k")
				if written := string(data) == "new"; written != tt.written || err != nil {
					t.Errorf("Load: got %q, error %v, want it written: %v", data, err, tt.written)
				}
				_, _, err = bad.Load(t.Context(), "k")
				wantFailure(t, "Load", err, tt.want)
				wantFailure(t, "Delete", bad.Delete(t.Context(), "k", version), tt.want)
				for key, err := range bad.List(t.Context(), "") {
					wantFailure(t, "List, which gave "+key, err, tt.want)
				}
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
		bad, _, _ := broken(t, server.Hang)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began := time.Now()
		_, err := bad.Save(ctx, "k", nil, "")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 3*time.Second {
			t.Errorf("Save: got error %v after %v, want %v after 3s", err, time.Since(began), context.DeadlineExceeded)
		}
	})
}

func TestAListThatFailsHalfWayEndsWithItsError(t *testing.T) {
	fine := server.InMemory(&fake{table: "prowatch"})
	good := open(t, "dynamodb:prowatch", fine)
	for _, key := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		save(t, good, key, "", "")
	}
	denied := server.Answer(http.StatusBadRequest, `{"__type":"AccessDeniedException","Message":"not authorized"}`)
	faults := make([]server.Fault, 18) // 16 partitions, then some second pages
	for i := range faults {
		faults[i] = server.Pass
	}
	bad := open(t, "dynamodb:prowatch", &server.Broken{Next: fine, Faults: append(faults, denied)}, pages(1))
	var last error
	var keys []string
	for key, err := range bad.List(t.Context(), "") {
		if last != nil {
			t.Fatalf("List: got %q, error %v after an error", key, err)
		}
		if last = err; err == nil {
			keys = append(keys, key)
		}
	}
	wantFailure(t, "List", last, "allow dynamodb:GetItem")
	if got, want := strings.Join(keys, ""), "abcdefgh"[:len(keys)]; got != want || len(keys) == 0 {
		t.Errorf("List: got keys %q before the error, want the first ones", got)
	}
}
