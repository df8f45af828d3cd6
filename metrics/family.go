package metrics

// Kind is a type of metric, in Prometheus' words.
type Kind string

// The kinds.
const (
	Gauge     Kind = "gauge"
	Counter   Kind = "counter"
	Histogram Kind = "histogram"
)

// A Family is one metric of the table.
type Family struct {
	Name   string
	Help   string
	Kind   Kind
	Labels []string // sorted

	collect func(v *view, add func(Sample))
}

// A Sample is one value of a family.
type Sample struct {
	Values    []string // of the labels
	Value     float64  // of a gauge or a counter
	Histogram *Buckets // of a histogram
}

// Buckets are the state of a histogram.
type Buckets struct {
	Bounds []float64 // upper ones, without +Inf
	Counts []uint64  // cumulative, one for each bound
	Count  uint64
	Sum    float64
}

// A Reading is a family with its samples, sorted by their labels.
type Reading struct {
	*Family
	Samples []Sample
}

// Families returns the table, sorted by name.
func Families() []Family { return families() }

// sample returns a value with its labels' values.
func sample(value float64, labels ...string) Sample { return Sample{Values: labels, Value: value} }

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
