package transfer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"prowatch/store/memory"
	"prowatch/store/storetest"
	"prowatch/store/transfer"
	"prowatch/watch"
)

// contents returns what a store holds, as the keys and the data.
func contents(t *testing.T, s watch.Store) map[string]string {
	t.Helper()
	held := map[string]string{}
	for key, err := range s.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		data, _, err := s.Load(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		held[key] = string(data)
	}
	return held
}

func wantContents(t *testing.T, s watch.Store, want map[string]string) {
	t.Helper()
	got := contents(t, s)
	for key := range want {
		if got[key] != want[key] {
			t.Errorf("%s\n got %.200s\nwant %.200s", key, got[key], want[key])
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %d records, want %d", len(got), len(want))
	}
}

func fill(t *testing.T, s watch.Store, records map[string]string) {
	t.Helper()
	for key, data := range records {
		if _, err := s.Save(t.Context(), key, []byte(data), ""); err != nil {
			t.Fatal(err)
		}
	}
}

// random makes the records of a state: accounts and channels with texts of all
// kinds in them, and the last runs.
func random(t *testing.T, r *rand.Rand) map[string]string {
	t.Helper()
	records := map[string]string{"run/last": fmt.Sprintf(`{"format":1,"last":null,"good_at":"2026-01-02T03:04:%02dZ"}`, r.IntN(60))}
	for range r.IntN(250) {
		rec := watch.NewRecord(id(r))
		rec.Seq = r.Uint64()
		rec.Believed = watch.Edition{Status: watch.Normal, ResourceID: text(r), CoresCnt: r.Uint64()}
		rec.LastFailure = watch.Failure{Class: watch.Denied, Message: text(r)}
		for range r.IntN(4) {
			rec.Ledger = append(rec.Ledger, watch.Entry{Notice: watch.Notice{ID: text(r), Message: text(r), Resolves: []string{}}})
		}
		data, err := rec.Encode()
		if err != nil {
			t.Fatal(err)
		}
		records["account/"+rec.Account] = string(data)
	}
	for range r.IntN(4) {
		name := id(r)
		records["channel/"+name] = fmt.Sprintf(`{"format":1,"channel":%q,"failures":%d}`, name, r.IntN(9)+1)
	}
	return records
}

func id(r *rand.Rand) string {
	const chars = "ABCabc019_-."
	b := []byte("x")
	for range r.IntN(20) {
		b = append(b, chars[r.IntN(len(chars))])
	}
	return string(b)
}

func text(r *rand.Rand) string {
	parts := []string{"企业版", "<b>&", "\n", "\u2028", `\"`, "\x00", "plain ", "😀"}
	var b strings.Builder
	for range r.IntN(6) {
		b.WriteString(parts[r.IntN(len(parts))])
	}
	return b.String()
}

func export(t *testing.T, s watch.Store) string {
	t.Helper()
	var doc bytes.Buffer
	n, faults, err := transfer.Export(t.Context(), s, &doc, transfer.Header{At: time.Unix(0, 0).UTC(), By: "v1", From: "memory"}, nil)
	if err != nil || len(faults) != 0 || n != len(contents(t, s)) {
		t.Fatalf("Export: got %d records, faults %v, error %v, want all %d", n, faults, err, len(contents(t, s)))
	}
	return doc.String()
}

func read(t *testing.T, doc string) []transfer.Record {
	t.Helper()
	_, records, err := transfer.Read(strings.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func TestWhatIsExportedIsImportedByteForByte(t *testing.T) {
	for seed := range uint64(30) {
		records := random(t, rand.New(rand.NewPCG(seed, 6)))
		from, to := new(memory.Store), new(memory.Store)
		fill(t, from, records)
		doc := export(t, from)
		result, err := transfer.Import(t.Context(), read(t, doc), to, transfer.Options{})
		if err != nil || result.Created != len(records) || result.Records != len(records) || len(result.Faults) != 0 {
			t.Fatalf("seed %d: got %+v, error %v, want %d created", seed, result, err, len(records))
		}
		wantContents(t, to, records)
		if again := export(t, to); again != doc {
			t.Errorf("seed %d: the export of the import is another document", seed)
		}
		result, err = transfer.Import(t.Context(), read(t, doc), to, transfer.Options{})
		if err != nil || result.Unchanged != len(records) || result.Created+result.Replaced != 0 {
			t.Errorf("seed %d: done again: got %+v, error %v, want nothing changed", seed, result, err)
		}
	}
}

func TestADocumentIsSortedLinesWithAnEnd(t *testing.T) {
	s := new(memory.Store)
	fill(t, s, map[string]string{
		"run/last": `{"format":1,"last":null}`, "account/b": `{"format":1,"account":"b","seq":0}`,
		"account/a": "{\"format\":1,\n \"account\":\"a\",\"seq\":0}",
		"run/lease": `{"format":1,"holder":"x"}`, "doctor/scratch": `{}`,
	})
	var doc bytes.Buffer
	if _, _, err := transfer.Export(t.Context(), s, &doc, transfer.Header{At: time.Unix(0, 0).UTC(), By: "v1", From: "file"}, nil); err != nil {
		t.Fatal(err)
	}
	want := `{"document":"prowatch-state","format":1,"at":"1970-01-01T00:00:00Z","by":"v1","from":"file"}
{"key":"account/a","data":{"format":1,"account":"a","seq":0}}
{"key":"account/b","data":{"format":1,"account":"b","seq":0}}
{"key":"run/last","data":{"format":1,"last":null}}
{"end":true,"records":3}
`
	if got := doc.String(); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

const (
	head  = `{"document":"prowatch-state","format":1,"at":"2026-01-01T00:00:00Z"}` + "\n"
	one   = `{"key":"account/a","data":{"format":1,"account":"a","seq":0}}` + "\n"
	final = `{"end":true,"records":1}` + "\n"
)

func TestADocumentThatIsNotRightIsRefusedWithItsLine(t *testing.T) {
	for _, tt := range []struct{ name, doc, want string }{
		{"nothing", "", "no export of a state"},
		{"something else", `{"accounts":[]}`, "no export of a state"},
		{"a newer document", strings.Replace(head, `"format":1`, `"format":2`, 1) + one + final, "format 2, and this prowatch reads 1: upgrade"},
		{"one that was cut short", head + one, "line 2: the last, is not the end of the document: it was cut short"},
		{"one that lost a line", head + final, "line 2: the document says that it holds 1 records, and holds 0"},
		{"more after its end", head + one + final + one, "line 4: comes after the end"},
		{"a record twice", head + one + one + final, "line 3: record account/a is there twice"},
		{"a line that is no JSON", head + "nonsense\n" + final, "line 2: is no line of an export"},
		{"a field that is not known", head + `{"key":"account/a","version":"1","data":{}}` + "\n" + final, `unknown field "version"`},
		{"a record without data", head + `{"key":"account/a"}` + "\n" + final, "line 2: record account/a is empty"},
		{"a newer record", head + strings.Replace(one, `{"format":1`, `{"format":9`, 1) + final, "line 2: record account/a has format 9, newer than the"},
		{"a record of another account", head + strings.Replace(one, "account/a", "account/b", 1) + final, "holds the account"},
		{"a key of nothing", head + strings.Replace(one, "account/a", "secrets/a", 1) + final, `"secrets/a" is the key of no record`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := transfer.Read(strings.NewReader(tt.doc))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want one with %q", err, tt.want)
			}
		})
	}
	if h, records, err := transfer.Read(strings.NewReader(strings.ReplaceAll(head+"\n"+one+final, "\n", "\r\n"))); err != nil || len(records) != 1 || h.Format != 1 {
		t.Errorf("with lines as Windows ends them: got %d records, error %v, want one", len(records), err)
	}
}

func TestEveryBadLineIsTold(t *testing.T) {
	_, _, err := transfer.Read(strings.NewReader(head + strings.Repeat("nonsense\n", 50) + final))
	if err == nil || !strings.Contains(err.Error(), "line 2:") || !strings.Contains(err.Error(), "line 21:") || !strings.Contains(err.Error(), "and 31 lines more") {
		t.Errorf("got error %v, want 20 lines and that there are more", err)
	}
}

func TestWhatDiffersIsOverwrittenOnlyOnDemand(t *testing.T) {
	record := func(id string, seq int) string { return fmt.Sprintf(`{"format":1,"account":%q,"seq":%d}`, id, seq) }
	records := []transfer.Record{{Key: "account/a", Data: []byte(record("a", 1))}, {Key: "account/b", Data: []byte(record("b", 1))}, {Key: "account/c", Data: []byte(record("c", 1))}}
	before := map[string]string{"account/b": record("b", 2), "account/c": record("c", 1), "account/z": record("z", 1), "run/lease": `{"format":1,"holder":"x"}`}
	after := map[string]string{"account/a": record("a", 1), "account/b": record("b", 1), "account/c": record("c", 1), "account/z": record("z", 1), "run/lease": `{"format":1,"holder":"x"}`}
	for _, tt := range []struct {
		name    string
		options transfer.Options
		want    transfer.Result
		written bool
	}{
		{"as it is", transfer.Options{}, transfer.Result{Records: 3, Created: 1, Unchanged: 1, Others: 1, Differ: []string{"account/b"}}, false},
		{"to try it", transfer.Options{DryRun: true, Replace: true}, transfer.Result{Records: 3, Created: 1, Replaced: 1, Unchanged: 1, Others: 1}, false},
		{"to replace", transfer.Options{Replace: true}, transfer.Result{Records: 3, Created: 1, Replaced: 1, Unchanged: 1, Others: 1}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			to, from := new(memory.Store), new(memory.Store)
			fill(t, to, before)
			result, err := transfer.Import(t.Context(), records, to, tt.options)
			want := before
			if tt.written {
				want = after
			}
			if err != nil || fmt.Sprint(result) != fmt.Sprint(tt.want) {
				t.Errorf("Import: got %+v, error %v, want %+v", result, err, tt.want)
			}
			wantContents(t, to, want)
			to = new(memory.Store)
			fill(t, to, before)
			for _, r := range records {
				fill(t, from, map[string]string{r.Key: string(r.Data)})
			}
			result, err = transfer.Migrate(t.Context(), from, to, tt.options)
			if err != nil || fmt.Sprint(result) != fmt.Sprint(tt.want) {
				t.Errorf("Migrate: got %+v, error %v, want %+v", result, err, tt.want)
			}
			wantContents(t, to, want)
		})
	}
}

func TestWhatCannotBeReadIsReportedAndTheRestMoved(t *testing.T) {
	records := random(t, rand.New(rand.NewPCG(4, 6)))
	from, to := new(memory.Store), new(memory.Store)
	fill(t, from, records)
	fill(t, from, map[string]string{"account/torn": "{", "account/newer": `{"format":99}`, "mine/note": "hello"})
	var doc bytes.Buffer
	n, faults, err := transfer.Export(t.Context(), from, &doc, transfer.Header{}, nil)
	if err != nil || n != len(records) || len(faults) != 3 {
		t.Errorf("Export: got %d records, faults %v, error %v, want %d and 3 faults", n, faults, err, len(records))
	}
	if !strings.Contains(doc.String(), `"left_out":["account/newer","account/torn","mine/note"]`) || len(read(t, doc.String())) != len(records) {
		t.Errorf("the document does not say what it left out: %s", doc.String()[doc.Len()-200:])
	}
	result, err := transfer.Migrate(t.Context(), from, to, transfer.Options{})
	if err != nil || result.Created != len(records) || len(result.Faults) != 3 {
		t.Errorf("Migrate: got %+v, error %v, want %d created and 3 faults", result, err, len(records))
	}
	wantContents(t, to, records)
	entries, err := transfer.List(t.Context(), from)
	if err != nil || len(entries) != len(records)+3 || !slices.IsSortedFunc(entries, func(a, b transfer.Entry) int { return strings.Compare(a.Key, b.Key) }) {
		t.Errorf("List: got %d entries, error %v, want %d, sorted", len(entries), err, len(records)+3)
	}
}

// TestAStoreThatFailsMidwayLosesNothing breaks each operation of a migration in
// turn; done again, it must end whole.
func TestAStoreThatFailsMidwayLosesNothing(t *testing.T) {
	records := random(t, rand.New(rand.NewPCG(8, 6)))
	for key := range records {
		if len(records) > 12 {
			delete(records, key)
		}
	}
	from := new(memory.Store)
	fill(t, from, records)
	for n := 1; ; n++ {
		for _, fault := range []storetest.Fault{storetest.FailBefore, storetest.FailAfter} {
			inner := new(memory.Store)
			broken := &storetest.Faulty{Store: inner, Hook: storetest.Crash(n, fault)}
			result, err := transfer.Migrate(t.Context(), from, broken, transfer.Options{})
			died := broken.Operations() >= n
			if died != (err != nil || len(result.Faults) > 0) {
				t.Fatalf("operation %d: got %+v, error %v, want one: %v", n, result, err, died)
			}
			if result, err := transfer.Migrate(t.Context(), from, inner, transfer.Options{}); err != nil || len(result.Faults)+len(result.Differ) > 0 {
				t.Fatalf("done again after operation %d: got %+v, error %v", n, result, err)
			}
			wantContents(t, inner, records)
			if !died {
				return
			}
		}
	}
}

// busy changes a record each time it was loaded.
type busy struct{ *memory.Store }

func (s busy) Load(ctx context.Context, key string) ([]byte, string, error) {
	data, version, err := s.Store.Load(ctx, key)
	if err == nil {
		next := strings.Replace(string(data), `"seq":`, `"seq":1`, 1)
		_, err = s.Store.Save(ctx, key, []byte(next), version)
	}
	return data, version, err
}

func TestASourceThatChangesMeanwhileIsNoticed(t *testing.T) {
	from, to := busy{new(memory.Store)}, new(memory.Store)
	fill(t, from.Store, map[string]string{"account/a": `{"format":1,"account":"a","seq":1}`})
	result, err := transfer.Migrate(t.Context(), from, to, transfer.Options{})
	if err != nil || len(result.Faults) != 1 || !strings.Contains(result.Faults[0].Error, "is a run under way?") {
		t.Errorf("got %+v, error %v, want that a run is under way", result, err)
	}
}

// raced is a destination that another writes to between look and save.
type raced struct{ *memory.Store }

func (s raced) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	if _, err := s.Store.Save(ctx, key, []byte("another's"), expected); err != nil {
		return "", err
	}
	return s.Store.Save(ctx, key, data, expected)
}

func TestADestinationThatChangesMeanwhileIsNotOverwritten(t *testing.T) {
	to := raced{new(memory.Store)}
	result, err := transfer.Import(t.Context(), []transfer.Record{{Key: "account/a", Data: []byte("x")}}, to, transfer.Options{Replace: true})
	if err != nil || len(result.Faults) != 1 || result.Created != 0 || !strings.Contains(result.Faults[0].Error, "stop the schedule") {
		t.Errorf("got %+v, error %v, want a fault", result, err)
	}
	wantContents(t, to.Store, map[string]string{"account/a": "another's"})
}

func TestAStoreThatDoesNotWorkIsGivenUp(t *testing.T) {
	s := new(memory.Store)
	for i := range 1000 {
		fill(t, s, map[string]string{fmt.Sprintf("account/a%d", i): `{"format":1}`})
	}
	dead := &storetest.Faulty{Store: s, Hook: func(op, _ string, _ int) storetest.Fault {
		if op == storetest.OpLoad {
			return storetest.FailBefore
		}
		return storetest.None
	}}
	if _, _, err := transfer.Export(t.Context(), dead, new(bytes.Buffer), transfer.Header{}, nil); err == nil || !strings.Contains(err.Error(), "see that the store works") || dead.Operations() > 300 {
		t.Errorf("got error %v after %d operations, want it given up soon", err, dead.Operations())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := transfer.Export(ctx, s, new(bytes.Buffer), transfer.Header{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want %v", err, context.Canceled)
	}
}

func TestBusyNamesWhoIsAtWork(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s := new(memory.Store)
	fill(t, s, map[string]string{
		"channel/idle":  `{"format":1,"channel":"idle"}`,
		"channel/torn":  `{`,
		"channel/left":  `{"format":1,"channel":"left","flight":{"holder":"x","until":"2026-01-02T03:04:05Z","parcels":[]}}`,
		"channel/flies": `{"format":1,"channel":"flies","flight":{"holder":"x","until":"2026-01-02T03:04:06Z","parcels":[]}}`,
	})
	got, err := transfer.Busy(t.Context(), s, now)
	if err != nil || !slices.Equal(got, []string{"channel flies is being told by a run until 2026-01-02T03:04:06Z"}) {
		t.Errorf("got %q, error %v", got, err)
	}
	fill(t, s, map[string]string{"run/lease": `{"format":1,"holder":"x","until":"2026-01-02T03:04:35Z"}`})
	if got, err := transfer.Busy(t.Context(), s, now); err != nil || len(got) != 2 || !strings.Contains(got[1], "holds the lease") {
		t.Errorf("with a lease: got %q, error %v", got, err)
	}
	if got, err := transfer.Busy(t.Context(), s, now.Add(time.Hour)); err != nil || got != nil {
		t.Errorf("an hour later: got %q, error %v, want nobody", got, err)
	}
}
