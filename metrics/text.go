package metrics

import (
	"bufio"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// ContentType is that of Prometheus' text format, version 0.0.4.
const ContentType = "text/plain; version=0.0.4; charset=utf-8"

// ServeHTTP answers a scrape with Prometheus' text format
// (https://prometheus.io/docs/instrumenting/exposition_formats/).
func (m *Metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "use GET", http.StatusMethodNotAllowed)
		return
	}
	readings := m.Gather(r.Context())
	w.Header().Set("Content-Type", ContentType)
	w.Header().Set("Cache-Control", "no-store")
	_ = WriteText(w, readings) // the scraper may have gone
}

// WriteText writes the readings in Prometheus' text format.
func WriteText(w io.Writer, readings []Reading) error {
	t := text{bufio.NewWriter(w)}
	for i := range readings {
		t.reading(&readings[i])
	}
	return t.Flush()
}

// text writes lines; a fault of the writer is kept for Flush.
type text struct{ *bufio.Writer }

func (t text) all(parts ...string) {
	for _, s := range parts {
		_, _ = t.WriteString(s)
	}
}

func (t text) reading(r *Reading) {
	t.all("# HELP ", r.Name, " ", helpEscape.Replace(r.Help), "\n# TYPE ", r.Name, " ", string(r.Kind), "\n")
	for i := range r.Samples {
		if s := &r.Samples[i]; s.Histogram != nil {
			t.histogram(r, s)
		} else {
			t.line(r, s, "", "", number(s.Value))
		}
	}
}

func (t text) histogram(r *Reading, s *Sample) {
	h := s.Histogram
	for i, bound := range h.Bounds {
		t.line(r, s, "_bucket", number(bound), strconv.FormatUint(h.Counts[i], 10))
	}
	t.line(r, s, "_bucket", "+Inf", strconv.FormatUint(h.Count, 10))
	t.line(r, s, "_sum", "", number(h.Sum))
	t.line(r, s, "_count", "", strconv.FormatUint(h.Count, 10))
}

// line writes name{label="value",…} value; le is a bucket's bound, or "".
func (t text) line(r *Reading, s *Sample, suffix, le, value string) {
	t.all(r.Name, suffix)
	before := "{"
	label := func(name, value string) {
		t.all(before, name, `="`, labelEscape.Replace(value), `"`)
		before = ","
	}
	for i, name := range r.Labels {
		label(name, s.Values[i])
	}
	if le != "" {
		label("le", le)
	}
	if before == "," {
		t.all("}")
	}
	t.all(" ", value, "\n")
}

var (
	helpEscape  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	labelEscape = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
