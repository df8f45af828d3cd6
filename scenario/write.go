package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"prowatch/watch"
)

// Write writes a scenario file, a step to a few lines. Read gives the same
// scenario of it, but for the places.
func Write(s *Scenario) []byte {
	var b bytes.Buffer
	if s.Title != "" {
		fmt.Fprintf(&b, "title: %s\n", scalar(s.Title))
	}
	fmt.Fprintf(&b, "account: %s\n", scalar(s.Account))
	if p := policy(s.Policy); p != "" {
		fmt.Fprintf(&b, "policy: {%s}\n", p)
	}
	b.WriteString("steps:\n")
	for i := range s.Steps {
		writeStep(&b, &s.Steps[i])
	}
	return b.Bytes()
}

func writeStep(b *bytes.Buffer, s *Step) {
	fmt.Fprintf(b, "  - at: %s\n", s.At.Format(time.RFC3339Nano))
	if s.Fault != nil {
		var pairs []string
		for _, p := range [][2]string{{"code", s.Fault.Code}, {"message", s.Fault.Message}, {"network", s.Fault.Network}, {"body", s.Fault.Body}} {
			if p[1] != "" {
				pairs = append(pairs, p[0]+": "+scalar(p[1]))
			}
		}
		fmt.Fprintf(b, "    error: {%s}\n", strings.Join(pairs, ", "))
	} else {
		fmt.Fprintf(b, "    api: %s\n", flow(s.API))
	}
	if s.Want == nil {
		return
	}
	var wants []string
	for _, w := range s.Want {
		var pairs []string
		for _, k := range w.Keys {
			pairs = append(pairs, k.Name+": "+flow(k.Value))
		}
		wants = append(wants, "{"+strings.Join(pairs, ", ")+"}")
	}
	fmt.Fprintf(b, "    want: [%s]\n", strings.Join(wants, ", "))
}

// policy writes what differs from the default.
func policy(p watch.Policy) string {
	d := watch.DefaultPolicy()
	var out []string
	add := func(key string, differs bool, value any) {
		if differs {
			out = append(out, fmt.Sprintf("%s: %v", key, value))
		}
	}
	add("time_zone", p.Zone.String() != d.Zone.String(), p.Zone)
	var ts []string
	for _, t := range p.Thresholds {
		ts = append(ts, t.String())
	}
	add("expiry_thresholds", !slices.Equal(p.Thresholds, d.Thresholds), "["+strings.Join(ts, ", ")+"]")
	add("critical_within", p.CriticalWithin != d.CriticalWithin, p.CriticalWithin)
	add("remind_every", p.RemindEvery != d.RemindEvery, p.RemindEvery)
	add("confirm", p.Confirm != d.Confirm, p.Confirm)
	add("failing_after", p.FailingAfter != d.FailingAfter, p.FailingAfter)
	add("stale_after", p.StaleAfter != d.StaleAfter, p.StaleAfter)
	add("expiry_source", p.ExpirySource != d.ExpirySource, p.ExpirySource)
	return strings.Join(out, ", ")
}

// flow writes JSON as YAML on one line, with quotes only where they matter.
func flow(data json.RawMessage) string {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var b strings.Builder
	flowValue(&b, d)
	return b.String()
}

// flowValue writes the next value of d, keys in their order.
func flowValue(b *strings.Builder, d *json.Decoder) {
	token, err := d.Token()
	if err != nil {
		b.WriteString("null")
		return
	}
	switch t := token.(type) {
	case json.Delim:
		b.WriteString(t.String())
		for i := 0; d.More(); i++ {
			if i > 0 {
				b.WriteString(", ")
			}
			if t == '{' {
				key, _ := d.Token()
				b.WriteString(scalar(fmt.Sprint(key)) + ": ")
			}
			flowValue(b, d)
		}
		if end, err := d.Token(); err == nil {
			fmt.Fprint(b, end)
		}
	case string:
		b.WriteString(scalar(t))
	case nil:
		b.WriteString("null")
	default:
		fmt.Fprint(b, t)
	}
}
