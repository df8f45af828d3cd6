package scenario

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"prowatch/config/strict"
	"prowatch/watch"
)

// A Mismatch is one point in which the rules say other than a file wants.
type Mismatch struct {
	Pos    strict.Pos
	Step   int    // from 0
	Notice int    // within the step, from 0; -1 where their number is wrong
	Key    string // "" where the number is wrong
	Got    string
	Want   string
}

// String writes "file:line:column: step 3, notice 0, severity: got …, want …".
func (m Mismatch) String() string {
	if m.Notice < 0 {
		return fmt.Sprintf("%s: step %d: got %s, want %s", m.Pos, m.Step, m.Got, m.Want)
	}
	return fmt.Sprintf("%s: step %d, notice %d, %s: got %s, want %s", m.Pos, m.Step, m.Notice, m.Key, m.Got, m.Want)
}

// Check compares the lines that [Play] gave with what the steps want, and
// returns every difference. A step that wants nothing in particular agrees
// with anything.
func Check(s *Scenario, lines []Line) []Mismatch {
	byStep := make([][]Line, len(s.Steps))
	for _, l := range lines {
		byStep[l.Step] = append(byStep[l.Step], l)
	}
	var out []Mismatch
	for i, step := range s.Steps {
		if step.Want != nil {
			out = append(out, checkStep(i, &step, byStep[i])...)
		}
	}
	return out
}

func checkStep(i int, s *Step, got []Line) []Mismatch {
	if len(got) != len(s.Want) {
		return []Mismatch{{Pos: s.Pos, Step: i, Notice: -1, Got: typesOf(got), Want: wantedTypes(s.Want)}}
	}
	var out []Mismatch
	for j, want := range s.Want {
		has := object(got[j].Notice)
		for _, key := range want.Keys {
			if !equal(key.Name, has[key.Name], key.Value) {
				out = append(out, Mismatch{key.Pos, i, j, key.Name, show(has[key.Name]), show(key.Value)})
			}
		}
	}
	return out
}

func typesOf(lines []Line) string {
	var types []string
	for _, l := range lines {
		types = append(types, string(l.Type))
	}
	return listed(types)
}

func wantedTypes(wants []Want) string {
	var types []string
	for _, w := range wants {
		typ := "any"
		for _, k := range w.Keys {
			if k.Name == "type" {
				typ = strings.Trim(string(k.Value), `"`)
			}
		}
		types = append(types, typ)
	}
	return listed(types)
}

func listed(types []string) string {
	return fmt.Sprintf("%d notices [%s]", len(types), strings.Join(types, ", "))
}

// object returns the notice's JSON by key.
func object(n watch.Notice) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	data, err := json.Marshal(n)
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	if err != nil { // a notice always has a JSON form
		panic(err)
	}
	return out
}

// equal compares two values of a key: durations by their length, times by
// their instant, and what is absent with null, "", 0, false and empty lists.
func equal(key string, got, want json.RawMessage) bool {
	g, w := value(got), value(want)
	if blank(g) || blank(w) {
		return blank(g) && blank(w)
	}
	gs, isText := g.(string)
	if !isText {
		return reflect.DeepEqual(g, w)
	}
	ws, quoted := w.(string)
	if !quoted {
		ws = string(want) // a code may be written as a number, without quotes
	}
	if key == "threshold" {
		gd, err1 := watch.ParseDuration(gs)
		wd, err2 := watch.ParseDuration(ws)
		return err1 == nil && err2 == nil && gd == wd
	}
	gt, err1 := time.Parse(time.RFC3339, gs)
	wt, err2 := time.Parse(time.RFC3339, ws)
	if err1 == nil && err2 == nil {
		return gt.Equal(wt)
	}
	return gs == ws
}

// value decodes JSON; what is not there is nil.
func value(data json.RawMessage) any {
	var v any
	if json.Unmarshal(data, &v) != nil {
		return nil
	}
	return v
}

func blank(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case float64:
		return v == 0
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

func show(data json.RawMessage) string {
	if len(data) == 0 {
		return "nothing"
	}
	return string(data)
}
