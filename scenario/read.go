package scenario

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"prowatch/config"
	"prowatch/config/strict"
	"prowatch/watch"
)

type form struct {
	Title   string                                 `yaml:"title"`
	Account strict.Field[string]                   `yaml:"account"`
	Policy  *strict.Node                           `yaml:"policy"`
	Steps   strict.Field[[]strict.Field[stepForm]] `yaml:"steps" is:"a step"`
}

type stepForm struct {
	At    strict.Field[time.Time]      `yaml:"at"`
	API   *strict.Node                 `yaml:"api"`
	Error strict.Field[faultForm]      `yaml:"error" is:"an error"`
	Want  strict.Field[[]*strict.Node] `yaml:"want"`
}

type faultForm struct {
	Code    string `yaml:"code"`
	Message string `yaml:"message"`
	Network string `yaml:"network"`
	Body    string `yaml:"body"`
}

// Read reads a scenario file, whose name it is told. The error, if any, is
// [strict.Problems].
func Read(file string, data []byte) (*Scenario, error) {
	var r reader
	root := r.Parse(file, data)
	if root == nil {
		return nil, r.Err()
	}
	var f form
	r.Decode(root, &f, "a scenario")
	s := &Scenario{File: file, Title: f.Title, Account: f.Account.Value}
	s.Policy = config.DecodePolicy(&r.Decoder, f.Policy, watch.DefaultPolicy())
	if !f.Account.Set() || f.Account.Value == "" {
		r.Addf(root.Pos, "a scenario lacks the key account: add one, as account: acme")
	}
	if !f.Steps.Set() || f.Steps.Node.Kind == strict.List && len(f.Steps.Node.Items) == 0 {
		r.Addf(root.Pos, "a scenario lacks steps: add steps: [{at: 2026-01-01T00:00:00+08:00, api: {BuyStatus: Normal}}]")
	}
	for _, step := range f.Steps.Value {
		if step.Node.Kind == strict.Map {
			s.Steps = append(s.Steps, r.step(step.Node.Pos, &step.Value))
		}
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

type reader struct{ strict.Decoder }

func (r *reader) step(at strict.Pos, f *stepForm) Step {
	s := Step{At: f.At.Value, Pos: at}
	if !f.At.Set() {
		r.Addf(at, "a step lacks the key at: add the time of the check, as at: 2026-01-01T00:00:00+08:00")
	}
	switch hasAPI := f.API != nil && f.API.Kind != strict.Null; {
	case hasAPI && f.Error.Set():
		r.Addf(at, "a step has both api and error: keep one of the two")
	case hasAPI && f.API.Kind != strict.Map:
		r.Addf(f.API.Pos, "api is the Response object: write it as {BuyStatus: Normal}; for an answer that is none, write error: {body: …}")
	case hasAPI:
		s.API = r.JSON(f.API)
	case f.Error.Set():
		s.Fault = r.fault(&f.Error)
	default:
		r.Addf(at, "a step has neither api nor error: add what the API answered, as api: {BuyStatus: Normal}")
	}
	if f.Want.Set() {
		s.Want = []Want{}
	}
	for _, n := range f.Want.Value {
		s.Want = append(s.Want, r.want(n))
	}
	return s
}

func (r *reader) fault(f *strict.Field[faultForm]) *Fault {
	v := Fault(f.Value)
	said := 0
	for _, text := range []string{v.Code, v.Network, v.Body} {
		if text != "" {
			said++
		}
	}
	switch {
	case f.Node.Kind != strict.Map: // noted already
	case said != 1:
		r.Addf(f.Node.Pos, "an error has one of code, network and body, and that not empty")
	case v.Message != "" && v.Code == "":
		r.Addf(f.Node.Pos, "message goes with code: add that, or leave this out")
	}
	return &v
}

// want reads what a notice must say. Its keys are those of a notice's JSON.
func (r *reader) want(n *strict.Node) Want {
	w := Want{Pos: n.Pos}
	if n.Kind != strict.Map {
		r.Addf(n.Pos, "expected a notice as {type: status.changed}, found %s", n.Kind)
	}
	for _, p := range n.Pairs {
		if !slices.Contains(noticeKeys, p.Key) {
			r.Addf(p.Pos, "a notice has no key %q%s", p.Key, strict.Meant(p.Key, noticeKeys))
			continue
		}
		r.wanted(p)
		w.Keys = append(w.Keys, Key{p.Key, r.JSON(p.Value), p.Pos})
	}
	return w
}

// wanted notes values that no notice can have.
func (r *reader) wanted(p strict.Pair) {
	n := p.Value
	if n.Kind == strict.Null || n.Scalar() && n.Text == "" {
		return
	}
	switch p.Key {
	case "threshold":
		var d watch.Duration
		r.Decode(n, &d, p.Key)
	case "at", "end_time", "since":
		var t time.Time
		r.Decode(n, &t, p.Key)
	default:
		words := vocabulary[p.Key]
		if len(words) > 0 && (!n.Scalar() || !slices.Contains(words, n.Text)) {
			r.Addf(n.Pos, "%s is no %s of a notice%s", n.Show(), p.Key, strict.Meant(n.Text, words))
		}
	}
}

// vocabulary holds the keys that have a closed set of values.
var vocabulary = map[string][]string{
	"type":     config.NoticeTypes(),
	"severity": {string(watch.Info), string(watch.Warning), string(watch.Critical)},
	"kind":     {watch.KindSet, watch.KindRenewed, watch.KindShortened},
	"class":    {string(watch.Denied), string(watch.Throttled), string(watch.Rejected), string(watch.Unreadable), string(watch.Unavailable)},
}

// noticeKeys are the keys of a notice as JSON.
var noticeKeys = jsonKeys(reflect.TypeFor[watch.Notice]())

func jsonKeys(t reflect.Type) []string {
	var keys []string
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		keys = append(keys, name)
	}
	return keys
}
