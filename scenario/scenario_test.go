package scenario_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"prowatch/scenario"
	"prowatch/watch"
)

func files(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(names) < 21 {
		t.Fatalf("got %d scenario files, %v", len(names), err)
	}
	return names
}

func read(t testing.TB, doc string) *scenario.Scenario {
	t.Helper()
	s, err := scenario.Read("s.yaml", []byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func contents(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestTheRulesSayWhatEachFileWants(t *testing.T) {
	for _, name := range files(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			s, err := scenario.Read(name, []byte(contents(t, name)))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range scenario.Check(s, scenario.Play(s)) {
				t.Error(m)
			}
		})
	}
}

func TestALineIsTheNoticeAfterItsStep(t *testing.T) {
	lines := scenario.Play(read(t, doc))
	data, err := json.Marshal(lines[1])
	if err != nil {
		t.Fatal(err)
	}
	notice, err := json.Marshal(lines[1].Notice)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(data), `{"step":0,`+strings.TrimPrefix(string(notice), "{"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestFaultsAreThoseOfTheClient(t *testing.T) {
	s := read(t, `account: a
steps:
  - {at: 2026-01-01T00:00:00Z, error: {code: AuthFailure.TokenFailure, message: m}}
  - {at: 2026-01-01T00:00:01Z, error: {network: timeout}}
  - {at: 2026-01-01T00:00:02Z, error: {body: <html>}}
  - {at: 2026-01-01T00:00:03Z, api: {BuyStatus: Normal, CoresCnt: "5"}}
`)
	want := []watch.Failure{
		{Class: watch.Denied, Code: "AuthFailure.TokenFailure", Message: "m"},
		{Class: watch.Unavailable, Message: "timeout"},
		{Class: watch.Unavailable, Message: `HTTP 200, no API answer: "<html>"`},
		{Class: watch.Unreadable, Message: `CoresCnt is no whole number from 0: "5"`},
	}
	var got []watch.Failure
	for i := range s.Steps {
		got = append(got, *s.Steps[i].Observation().Failure)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestTheAPIsValuesKeepTheirTypes(t *testing.T) {
	s := read(t, `account: a
steps:
  - at: 2026-01-01T00:00:00Z
    api: {A: 5, B: "5", C: -1, D: null, E: yes, F: true, G: 2026-01-01 00:00:00, H: 2026-01-01, I: 1.5, J: [1, {x: ~}], K: ""}
`)
	want := `{"A":5,"B":"5","C":-1,"D":null,"E":"yes","F":true,"G":"2026-01-01 00:00:00","H":"2026-01-01","I":1.5,"J":[1,{"x":null}],"K":""}`
	if got := string(s.Steps[0].API); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
