package dynamodb_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"prowatch/store/storetest"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

// TestStoreWithBatchesLeftUndone has DynamoDB answer three items at a time.
func TestStoreWithBatchesLeftUndone(t *testing.T) {
	storetest.Run(t, func(t *testing.T) watch.Store {
		return open(t, "dynamodb:prowatch", server.InMemory(&fake{table: "prowatch", atOnce: 3}))
	})
}

// unprocessed answers that there was no capacity for any of a batch.
func unprocessed(keys ...string) server.Fault {
	var left []string
	for _, key := range keys {
		left = append(left, fmt.Sprintf(`{"pk":{"S":"prowatch-10"},"sk":{"S":%q}}`, key))
	}
	return server.Answer(http.StatusOK, `{"Responses":{},"UnprocessedKeys":{"prowatch":{"ConsistentRead":true,"Keys":[`+strings.Join(left, ",")+`]}}}`)
}

func TestABatchIsAskedForAgain(t *testing.T) {
	none := unprocessed("k")
	for name, faults := range map[string][]server.Fault{
		"after no capacity":             {none, none, server.Pass},
		"after a throttled one":         {throttled, server.Pass},
		"after a lost one":              {server.Lost, server.Pass},
		"after five without a capacity": {none, none, none, none, none, server.Pass},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bad, good, _ := broken(t, faults...)
				version := save(t, good, "k", "x", "")
				found, err := bad.LoadMany(t.Context(), []string{"k"})
				if one := found["k"]; err != nil || string(one.Data) != "x" || one.Version != version || one.Err != nil {
					t.Errorf("got %+v, error %v, want the record", one, err)
				}
			})
		})
	}
}

func TestABatchWithoutCapacityEndsInSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad, _, rt := broken(t, unprocessed("k"))
		began := time.Now()
		found, err := bad.LoadMany(t.Context(), []string{"k"})
		wantFailure(t, "LoadMany", err, "too little capacity")
		if took := time.Since(began); took > 5*time.Second || rt.Requests() != 6 || len(found) != 0 {
			t.Errorf("got %d records after %d requests and %v, want none after 6", len(found), rt.Requests(), took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := bad.LoadMany(ctx, []string{"k"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("when the context ends: got error %v, want %v", err, context.DeadlineExceeded)
		}
	})
}

func TestARightThatIsMissingForBatchesIsNamed(t *testing.T) {
	bad, _, _ := broken(t, server.Answer(http.StatusBadRequest, `{"__type":"AccessDeniedException","Message":"not authorized"}`))
	_, err := bad.LoadMany(t.Context(), []string{"k"})
	wantFailure(t, "LoadMany", err, "BatchGetItem")
}

func TestAKeyThatDynamoDBCannotHoldFailsAloneInABatch(t *testing.T) {
	s := open(t, "dynamodb:prowatch", server.InMemory(&fake{table: "prowatch"}))
	version := save(t, s, "k", "x", "")
	found, err := s.LoadMany(t.Context(), []string{"", "k", "\xff"})
	if err != nil || found["k"].Version != version || found[""].Err == nil || found["\xff"].Err == nil {
		t.Errorf("got %+v, error %v, want the record and two errors", found, err)
	}
}

// TestABatchOver16MBOnMoto uses that moto, as DynamoDB, answers no more at once.
func TestABatchOver16MBOnMoto(t *testing.T) {
	s := open(t, startMoto(t).table(t, "pk", "sk"), server.Settled())
	var keys []string
	for i := range 50 {
		keys = append(keys, fmt.Sprintf("account/%02d", i))
		save(t, s, keys[i], strings.Repeat("x", 390<<10), "")
	}
	found, err := s.LoadMany(t.Context(), keys)
	if err != nil || len(found) != len(keys) {
		t.Fatalf("got %d records, error %v, want %d", len(found), err, len(keys))
	}
	for key, one := range found {
		if len(one.Data) != 390<<10 || one.Err != nil {
			t.Errorf("%s: got %d bytes, error %v", key, len(one.Data), one.Err)
		}
	}
}
