package watch_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"prowatch/store/memory"
	"prowatch/watch"
)

var record = flag.String("record", "", "folder to write the documents of TestRecordTheDocuments to: testdata/records/N for a new format N")

// TestRecordTheDocuments makes the documents that the tests below read. Those of
// a format that was released are never made again.
func TestRecordTheDocuments(t *testing.T) {
	in(t, func(t *testing.T) {
		store := story(t)
		for key, err := range store.List(t.Context(), "") {
			data, _, loadErr := store.Load(t.Context(), key)
			if err := errors.Join(err, loadErr, watch.CheckRecord(key, data)); err != nil {
				t.Fatal(err)
			}
			if *record == "" {
				continue
			}
			path := filepath.Join(*record, filepath.FromSlash(key)+".json")
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, data, 0o644)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// storyWorld is an account whose changes are believed at the second sight, a
// chat that works, one that refuses for good, and one that does not answer.
func storyWorld() *world {
	w := newWorld("sec", "pager", "slow")
	w.runner.Accounts[0].Policy.Confirm = 2
	w.runner.Accounts[0].Labels = map[string]string{"team": "sec"}
	w.chats["pager"].answer = func(int, watch.Message) (watch.Outcome, bool) {
		return watch.Outcome{Result: watch.Permanent, Code: "404", Text: "no such key"}, false
	}
	w.chats["slow"].answer = func(int, watch.Message) (watch.Outcome, bool) {
		return watch.Outcome{Result: watch.Unknown, Text: "no answer in 8 s"}, false
	}
	w.api.EndTime, w.api.ResourceID = "2000-01-12 00:00:00", "tcss-1"
	return w
}

// story leaves everything in the records that records can hold: notices told,
// dead, held and in flight, an outage, mutes, a candidate, failures.
func story(t *testing.T) *memory.Store {
	w := storyWorld()
	w.run(t)
	time.Sleep(time.Hour)
	w.api.CoresCnt = 12
	w.run(t)
	w.run(t)
	until := time.Now().Add(24 * time.Hour).UTC()
	mute := &watch.Mute{Since: time.Now().UTC(), Until: until, Reason: "contract talks"}
	if err := errors.Join(w.runner.MuteAccount(t.Context(), "acme", mute), w.runner.MuteChannel(t.Context(), "sec", &watch.Mute{Since: time.Now().UTC()})); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Hour)
	w.api.CoresCnt = 0
	w.run(t)
	w.run(t)
	time.Sleep(time.Hour)
	w.api.Status = watch.Isolate
	w.run(t)
	time.Sleep(time.Hour)
	w.fault = &watch.Failure{Class: watch.Denied, Code: "UnauthorizedOperation", Message: "no right"}
	w.run(t)
	return w.runner.Store.(*memory.Store)
}

// documents are the recorded ones of a format, by key.
func documents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	docs := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		docs[strings.TrimSuffix(filepath.ToSlash(rel), ".json")], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(docs) < 5 {
		t.Fatalf("%s: got %d documents, want an account's, three channels' and that of the runs", dir, len(docs))
	}
	return docs
}

// newest is the format that is written.
func newest() int { return watch.NewRecord("x").Format }

func TestEveryFormatThatIsReadWasRecorded(t *testing.T) {
	for n := max(1, newest()-1); n <= newest(); n++ {
		for key, data := range documents(t, filepath.Join("testdata", "records", strconv.Itoa(n))) {
			if err := watch.CheckRecord(key, data); err != nil {
				t.Errorf("format %d: %v", n, err)
			}
		}
	}
}

// recorded returns the documents of the format that is written.
func recorded(t *testing.T) map[string][]byte {
	return documents(t, filepath.Join("testdata", "records", strconv.Itoa(newest())))
}

func TestARecordedDocumentIsWrittenAsItWas(t *testing.T) {
	for key, data := range recorded(t) {
		got, err := again(key, data)
		if err != nil || string(got) != string(data) {
			t.Errorf("%s: error %v\n got %s\nwant %s", key, err, got, data)
		}
	}
}

// again decodes a document and encodes it.
func again(key string, data []byte) ([]byte, error) {
	kind, name, _ := strings.Cut(key, "/")
	switch kind {
	case "account":
		rec, err := watch.DecodeRecord(data, name)
		if err != nil {
			return nil, err
		}
		return rec.Encode()
	case "channel":
		rec, err := watch.DecodeChannelRecord(data, name)
		if err != nil {
			return nil, err
		}
		return json.Marshal(rec)
	}
	runs, err := watch.DecodeRuns(data)
	if err != nil {
		return nil, err
	}
	return json.Marshal(runs)
}

func TestTheRecordedDocumentsHoldAllThereIs(t *testing.T) {
	docs := recorded(t)
	all := string(slices.Concat(docs["account/acme"], docs["channel/sec"], docs["channel/pager"], docs["channel/slow"], docs["run/last"]))
	for _, part := range []string{
		`"candidates":{"status":{"value":"Isolate","seen":1}`, `"announced":"14d"`, `"mute":{`, `"failures":1`, `"last_failure":{`,
		`"earlier":[`, `"state":"sent"`, `"state":"dead"`, `"state":"pending"`, `"state":"held"`, `"told_to":["`, `"urgent":true`,
		`"flight":{`, `"unsure":1`, `"outage":{`, `"told":true`, `"failing_since"`, `"last":[`, `"good_at"`,
	} {
		if !strings.Contains(all, part) {
			t.Errorf("no document holds %s", part)
		}
	}
}

// TestARecordedStateGoesOnAsItWas runs on what was recorded, once the mute is
// over, and all chats answer.
func TestARecordedStateGoesOnAsItWas(t *testing.T) {
	in(t, func(t *testing.T) {
		w := storyWorld()
		for key, data := range recorded(t) {
			if _, err := w.runner.Store.Save(t.Context(), key, data, ""); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range w.chats {
			c.answer = nil
		}
		w.api.Status = watch.Isolate
		time.Sleep(5 * time.Hour)
		w.run(t) // the second sight, but for the failure between: believed
		wantSaid(t, w.chats["sec"], watch.CheckRecovered, watch.DeliveryRecovered, watch.DeliveryRecovered, watch.StatusChanged)
		time.Sleep(24 * time.Hour)
		if err := w.runner.MuteChannel(t.Context(), "sec", nil); err != nil {
			t.Fatal(err)
		}
		w.run(t)
		rec, err := w.runner.Records(t.Context())
		if err != nil || rec[0].Believed.Status != watch.Isolate || rec[0].Failures != 0 {
			t.Errorf("got %+v, error %v, want an account that is isolated", rec, err)
		}
		for _, e := range rec[0].Ledger {
			for name, r := range e.Receipts {
				if r.State.Open() {
					t.Errorf("%s on %s is %s, want it told", e.Notice.Type, name, r.State)
				}
			}
		}
		i := slices.IndexFunc(rec[0].Ledger, func(e watch.Entry) bool { return e.Notice.Type == watch.CheckFailing })
		if heard, marked := w.chats["slow"].heard(rec[0].Ledger[i].Notice.ID); heard != 1 || marked != 1 {
			t.Errorf("what was in flight to slow was told %d times, %d of them as a possible duplicate, want once", heard, marked)
		}
	})
}

func TestARecordOfANewerProwatchIsLeftAlone(t *testing.T) {
	doc := string(recorded(t)["account/acme"])
	for _, tt := range []struct{ name, data, want string }{
		{"a newer format", strings.Replace(doc, `"format":1`, `"format":2,"beliefs":[]`, 1), "format 2, newer than the 1 this prowatch knows: upgrade prowatch; nothing was changed"},
		{"a field that is not known", strings.Replace(doc, `"seq"`, `"mood":"fine","seq"`, 1), `has the field "mood", which this prowatch does not know: it was written by a newer prowatch`},
		{"one further down", strings.Replace(doc, `"urgent":true`, `"urgent":true,"mood":1`, 1), `has the field "mood"`},
		{"a format before the first", strings.Replace(doc, `"format":1`, `"format":0`, 1), "which never was"},
		{"no format", strings.Replace(doc, `"format":1,`, ``, 1), "none of prowatch's"},
		{"one cut short", doc[:len(doc)/2], "none of prowatch's"},
		{"a field of another type", strings.Replace(doc, `"seq":`, `"seq":"x","seq":`, 1), "is damaged"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld("sec")
			version, err := w.runner.Store.Save(t.Context(), "account/acme", []byte(tt.data), "")
			if err != nil || tt.data == doc {
				t.Fatalf("error %v; the document was not changed: %v", err, tt.data == doc)
			}
			r, err := w.runner.Run(context.WithoutCancel(t.Context()))
			if err != nil || r.Accounts[0].Err == nil || !strings.Contains(r.Accounts[0].Err.Error(), tt.want) {
				t.Errorf("got %v, error %v, want the account's error with %q", r.Accounts[0].Err, err, tt.want)
			}
			if data, got, _ := w.runner.Store.Load(t.Context(), "account/acme"); got != version || string(data) != tt.data {
				t.Errorf("the record was changed to %s", data)
			}
			wantSaid(t, w.chats["sec"])
		})
	}
}

func TestCheckRecordKnowsEveryKey(t *testing.T) {
	docs := recorded(t)
	for _, tt := range []struct {
		key, data, want string // "" for none
	}{
		{"run/lease", `{"format":1,"holder":"x"}`, ""},
		{"run/lease", `{"format":2}`, "newer"},
		{"run/lease", `[]`, "none of prowatch's"},
		{"account/other", string(docs["account/acme"]), "holds the account"},
		{"channel/other", string(docs["channel/sec"]), "holds the channel"},
		{"account/acme", "", "is empty"},
		{"account/", `{"format":1}`, "key of no record"},
		{"doctor/scratch", `{"format":1}`, "key of no record"},
		{"run", `{"format":1}`, "key of no record"},
	} {
		err := watch.CheckRecord(tt.key, []byte(tt.data))
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: got error %v, want one with %q", tt.key, err, tt.want)
		}
	}
}
