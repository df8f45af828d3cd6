package metrics

// buckets is a histogram.
type buckets struct {
	bounds []float64
	counts []uint64 // each of its own bucket only
	count  uint64
	sum    float64
}

func newBuckets(bounds []float64) buckets {
	return buckets{bounds: bounds, counts: make([]uint64, len(bounds))}
}

func (b *buckets) observe(value float64) {
	b.count++
	b.sum += value
	for i, bound := range b.bounds {
		if value <= bound {
			b.counts[i]++
			return
		}
	}
}

// read returns a copy, cumulated.
func (b *buckets) read() *Buckets {
	r := &Buckets{Bounds: b.bounds, Counts: make([]uint64, len(b.counts)), Count: b.count, Sum: b.sum}
	var total uint64
	for i, n := range b.counts {
		total += n
		r.Counts[i] = total
	}
	return r
}
