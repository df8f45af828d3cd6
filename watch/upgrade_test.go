package watch

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

// synthetic are the formats of a prowatch to come, whose format 3 calls an
// account's failures by another name and whose format 4 counts them from 1.
var synthetic = formats{newest: 4, upgrades: map[int]upgrade{
	2: func(_ string, doc map[string]json.RawMessage) error { return nil },
	3: func(key string, doc map[string]json.RawMessage) error {
		if kind, _, _ := strings.Cut(key, "/"); kind != "account" {
			return nil
		}
		if doc["fails"] == nil {
			return errors.New("it does not say how often it failed")
		}
		doc["failures"] = doc["fails"]
		delete(doc, "fails")
		return nil
	},
}}

func TestAnOldRecordIsReadAsANewOne(t *testing.T) {
	for _, tt := range []struct{ name, data, want string }{
		{"of the newest format", `{"format":4,"account":"a","seq":7,"failures":2}`, ""},
		{"of the one before", `{"format":3,"account":"a","seq":7,"fails":2}`, ""},
		{"of two before", `{"format":2,"account":"a","seq":7,"fails":2}`, ""},
		{"of one too old", `{"format":1,"account":"a","seq":7,"fails":2}`, "format 1, older than what this prowatch reads"},
		{"of one to come", `{"format":5,"account":"a"}`, "format 5, newer than the 4"},
		{"with what its format did not have", `{"format":3,"account":"a","fails":2,"failures":3,"moods":1}`, `the field "moods"`},
		{"that cannot be upgraded", `{"format":3,"account":"a"}`, "is damaged (it does not say how often it failed)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var rec Record
			err := synthetic.decode([]byte(tt.data), &rec, "account/a")
			switch {
			case tt.want != "":
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("got error %v, want one with %q", err, tt.want)
				}
			case err != nil || rec.Format != 4 || rec.Seq != 7 || rec.Failures != 2:
				t.Errorf("got %+v, error %v, want format 4, seq 7 and 2 failures", rec, err)
			}
		})
	}
}

func TestAnUpgradeLeavesWhatItDoesNotKnow(t *testing.T) {
	var rec ChannelRecord
	at := time.Date(2026, 1, 2, 3, 4, 5, 678, time.UTC)
	data, err := json.Marshal(ChannelRecord{Format: 3, Channel: "sec", Failures: 5, PausedUntil: at, Flight: &Flight{Until: at}})
	if err != nil {
		t.Fatal(err)
	}
	if err := synthetic.decode(data, &rec, "channel/sec"); err != nil || rec.Failures != 5 || !rec.PausedUntil.Equal(at) || rec.Flight == nil {
		t.Errorf("got %+v, error %v, want what was written", rec, err)
	}
}

func TestTheFormatBeforeThisOneCanBeUpgraded(t *testing.T) {
	if format > 1 && upgrades[format-1] == nil {
		t.Errorf("there is no upgrade from format %d to %d", format-1, format)
	}
}
