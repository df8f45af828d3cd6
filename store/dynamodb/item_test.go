package dynamodb_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"prowatch/store/dynamodb"
	"prowatch/store/storetest/server"
)

func TestAnItemHasFourAttributesAndIsSpread(t *testing.T) {
	f := &fake{table: "prowatch"}
	s := open(t, "dynamodb:prowatch", server.InMemory(f), func(o *dynamodb.Options) { o.Random = strings.NewReader(strings.Repeat("0123456789abcdef", 400)) })
	save(t, s, "account/acme", "hello", "")
	want := attributes{
		"pk": {"S": "prowatch-03"}, "sk": {"S": "account/acme"},
		"version": {"S": "30313233343536373839616263646566"}, "data": {"B": "aGVsbG8="},
	}
	got := f.items[id(want)]
	if !maps.EqualFunc(got, want, maps.Equal) {
		t.Fatalf("got items %v, want %v", f.items, want)
	}
	for _, c := range "abcdefghijklmnopqrstuvwxyz" {
		for _, d := range "0123456789" {
			save(t, s, "account/"+string(c)+string(d), "", "")
		}
	}
	counts := map[string]int{}
	for _, it := range f.items {
		counts[it["pk"]["S"]]++
	}
	if most := slices.Max(slices.Collect(maps.Values(counts))); len(counts) != 16 || most > 261/16*3 {
		t.Errorf("got %v items by partition, want them spread over 16", counts)
	}
}

func TestAForeignItemIsRefusedAndLeftAsItIs(t *testing.T) {
	key := attributes{"pk": {"S": "prowatch-10"}, "sk": {"S": "k"}}
	for name, more := range map[string]attributes{
		"nothing else":         {},
		"no data":              {"version": {"S": "v"}},
		"no version":           {"data": {"B": ""}},
		"an empty version":     {"data": {"B": ""}, "version": {"S": ""}},
		"a version of numbers": {"data": {"B": ""}, "version": {"N": "1"}},
		"data that is text":    {"data": {"S": "{}"}, "version": {"S": "v"}},
	} {
		t.Run(name, func(t *testing.T) {
			it := maps.Clone(key)
			maps.Copy(it, more)
			f := &fake{table: "prowatch", items: map[string]attributes{id(key): it}}
			s := open(t, "dynamodb:prowatch", server.InMemory(f))
			_, _, err := s.Load(t.Context(), "k")
			wantFailure(t, "Load", err, "is no record of prowatch")
			_, err = s.Save(t.Context(), "k", []byte("new"), "")
			wantFailure(t, "Save", err, "is no record of prowatch")
			if len(f.items) != 1 || !maps.EqualFunc(f.items[id(key)], it, maps.Equal) {
				t.Errorf("got items %v, want %v", f.items, it)
			}
		})
	}
}

func TestARecordOverTheLimitIsRefusedBeforeItIsSent(t *testing.T) {
	rt := &server.Broken{Next: server.InMemory(&fake{table: "prowatch"}), Faults: []server.Fault{server.Pass}}
	s := open(t, "dynamodb:prowatch", rt)
	_, err := s.Save(t.Context(), "k", make([]byte, 400<<10), "")
	wantFailure(t, "Save", err, "over the 409600 (400 KB) of a DynamoDB item")
	if rt.Requests() != 0 {
		t.Errorf("got %d requests, want none", rt.Requests())
	}
}

func TestTheLargestRecordIsKept(t *testing.T) {
	s := open(t, "dynamodb:prowatch", server.InMemory(&fake{table: "prowatch"}))
	const overhead = len("pk") + len("prowatch-00") + len("sk") + len("k") + len("version") + 32 + len("data")
	largest := strings.Repeat("x", 400<<10-overhead)
	version := save(t, s, "k", largest, "")
	data, got, err := s.Load(t.Context(), "k")
	if string(data) != largest || got != version || err != nil {
		t.Errorf("Load: got %d bytes, version %q, error %v, want %d bytes, version %q", len(data), got, err, len(largest), version)
	}
	_, err = s.Save(t.Context(), "k", []byte(largest+"x"), version)
	wantFailure(t, "Save", err, "over the 409600")
}

// TestALimitOfTheServerIsSaid uses that moto's limit is 405000 bytes.
func TestALimitOfTheServerIsSaid(t *testing.T) {
	s := open(t, startMoto(t).table(t, "pk", "sk"), nil)
	_, err := s.Save(t.Context(), "k", make([]byte, 405_000), "")
	wantFailure(t, "Save", err, "Item size has exceeded the maximum allowed size; keep the state in S3")
}

func TestAKeyThatDynamoDBCannotHoldIsRefused(t *testing.T) {
	rt := &server.Broken{Next: server.InMemory(&fake{table: "prowatch"}), Faults: []server.Fault{server.Pass}}
	s := open(t, "dynamodb:prowatch", rt)
	for key, want := range map[string]string{"": "empty", strings.Repeat("k", 1025): "too long", "\xff": "UTF-8"} {
		_, _, loadErr := s.Load(t.Context(), key)
		_, saveErr := s.Save(t.Context(), key, nil, "")
		for what, err := range map[string]error{"Load": loadErr, "Save": saveErr, "Delete": s.Delete(t.Context(), key, "v")} {
			wantFailure(t, what, err, want)
		}
	}
	for key, err := range s.List(t.Context(), "\xff") {
		t.Errorf("List: got %q, error %v, want nothing", key, err)
	}
	if rt.Requests() != 0 {
		t.Errorf("got %d requests, want none", rt.Requests())
	}
}
