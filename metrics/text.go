package metrics

import (
	"bytes"
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
	text := Text(m.Gather(r.Context()))
	w.Header().Set("Content-Type", ContentType)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = w.Write(text) // the scraper may have gone
}

// Text writes the readings in Prometheus' text format.
func Text(readings []Reading) []byte {
	var b bytes.Buffer
	for _, r := range readings {
		b.WriteString("# HELP " + r.Name + " " + helpEscape.Replace(r.Help) + "\n")
		b.WriteString("# TYPE " + r.Name + " " + string(r.Kind) + "\n")
		for _, s := range r.Samples {
			if s.Histogram != nil {
				writeBuckets(&b, &r, s)
				continue
			}
			b.WriteString(r.Name + labels(r.Labels, s.Values) + " " + number(s.Value) + "\n")
		}
	}
	return b.Bytes()
}

func writeBuckets(b *bytes.Buffer, r *Reading, s Sample) {
	names := append(r.Labels[:len(r.Labels):len(r.Labels)], "le")
	bucket := func(le string, count uint64) {
		values := append(s.Values[:len(s.Values):len(s.Values)], le)
		b.WriteString(r.Name + "_bucket" + labels(names, values) + " " + strconv.FormatUint(count, 10) + "\n")
	}
	h := s.Histogram
	for i, bound := range h.Bounds {
		bucket(number(bound), h.Counts[i])
	}
	bucket("+Inf", h.Count)
	b.WriteString(r.Name + "_sum" + labels(r.Labels, s.Values) + " " + number(h.Sum) + "\n")
	b.WriteString(r.Name + "_count" + labels(r.Labels, s.Values) + " " + strconv.FormatUint(h.Count, 10) + "\n")
}

var (
	helpEscape  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	labelEscape = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

// labels writes {name="value",…}, or nothing where there are none.
func labels(names, values []string) string {
	if len(names) == 0 {
		return ""
	}
	parts := make([]string, len(names))
	for i, name := range names {
		parts[i] = name + `="` + labelEscape.Replace(values[i]) + `"`
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
