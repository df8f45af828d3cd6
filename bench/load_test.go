package bench

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// pathLoad is what one path took.
type pathLoad struct {
	bytes int
	took  []time.Duration
	over  time.Duration // of the whole load
}

// String writes bytes, rate and quantiles.
func (p *pathLoad) String() string {
	return fmt.Sprintf("%9d %10.0f %10v %10v", p.bytes, float64(len(p.took))/p.over.Seconds(), p.quantile(0.5), p.quantile(0.99))
}

func (p *pathLoad) quantile(q float64) time.Duration {
	if len(p.took) == 0 {
		return 0
	}
	slices.Sort(p.took)
	return p.took[int(q*float64(len(p.took)-1))].Round(10 * time.Microsecond)
}

// drive asks for the paths in turn on all connections for as long as the flag
// says. Each failure, and each connection more than there should be, is an error
// of the test.
func drive(t *testing.T, base string, paths []string) []*pathLoad {
	t.Helper()
	var dials atomic.Int64
	dialer := &net.Dialer{}
	d := &driver{paths: paths, base: base, client: &http.Client{Transport: &http.Transport{
		MaxIdleConnsPerHost: loadConnections, MaxConnsPerHost: loadConnections, DisableCompression: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			dials.Add(1)
			return dialer.DialContext(ctx, network, address)
		},
	}}}
	defer d.client.CloseIdleConnections()
	for range paths {
		d.loads = append(d.loads, &pathLoad{})
	}
	var wg sync.WaitGroup
	began := time.Now()
	for c := range loadConnections {
		wg.Go(func() { d.ask(t, c, began.Add(*loadTime)) })
	}
	wg.Wait()
	for _, l := range d.loads {
		l.over = time.Since(began)
	}
	if d.failures > 0 || dials.Load() != loadConnections {
		t.Errorf("%d requests failed, and %d connections were made; want 0 and %d", d.failures, dials.Load(), loadConnections)
	}
	return d.loads
}

// driver is what the connections of a load share.
type driver struct {
	client *http.Client
	base   string
	paths  []string

	mu       sync.Mutex
	failures int
	loads    []*pathLoad // by path
}

// ask asks for the paths in turn, from the n-th on.
func (d *driver) ask(t *testing.T, n int, until time.Time) {
	mine := make([]pathLoad, len(d.paths))
	for ; time.Now().Before(until); n++ {
		one, path := &mine[n%len(d.paths)], d.paths[n%len(d.paths)]
		at := time.Now()
		size, err := ask(d.client, d.base+path)
		one.bytes, one.took = size, append(one.took, time.Since(at))
		if err != nil {
			d.fail(t, path, err)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, l := range d.loads {
		l.bytes, l.took = max(l.bytes, mine[i].bytes), append(l.took, mine[i].took...)
	}
}

// fail counts a failure, and shows the first ones.
func (d *driver) fail(t *testing.T, path string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.failures++; d.failures <= 3 {
		t.Errorf("%s: %v", path, err)
	}
}

// ask returns the size of the answer.
func ask(client *http.Client, url string) (int, error) {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+loadToken)
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	n, err := io.Copy(io.Discard, resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%w: %s", errStatus, resp.Status)
	}
	return int(n), err
}

// memorySamples are of a process's resident memory, in bytes.
type memorySamples struct {
	stop    chan struct{}
	done    chan struct{}
	samples []int
}

// watchMemory samples the process's memory, where the system tells it.
func watchMemory(t *testing.T, pid int) *memorySamples {
	t.Helper()
	m := &memorySamples{stop: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(m.done)
		if runtime.GOOS != "linux" {
			return
		}
		for tick := time.NewTicker(*loadTime / 100); ; {
			select {
			case <-m.stop:
				return
			case <-tick.C:
				m.samples = append(m.samples, resident(pid))
			}
		}
	}()
	return m
}

var rss = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

func resident(pid int) int {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	found := rss.FindSubmatch(status)
	if found == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(found[1]))
	return n << 10
}

// flatFrom is how long a load must be for its memory to be judged: in a shorter
// one the heap is still filling.
const flatFrom = 20 * time.Second

// report wants the last quarter to have no more than a fifth above the second.
func (m *memorySamples) report(t *testing.T) {
	t.Helper()
	close(m.stop)
	<-m.done
	n := len(m.samples)
	if n < 20 {
		t.Logf("memory: %d samples", n)
		return
	}
	warm, middle, end := mean(m.samples[n/4:n/2]), mean(m.samples[n/2:n*3/4]), mean(m.samples[n*3/4:])
	t.Logf("memory, MB: first %.1f, second quarter %.1f, third %.1f, last %.1f, most %.1f",
		mb(m.samples[0]), mb(warm), mb(middle), mb(end), mb(slices.Max(m.samples)))
	if *loadTime >= flatFrom && end > warm+warm/5 {
		t.Errorf("memory grew from %.1f to %.1f MB, more than a fifth", mb(warm), mb(end))
	}
}

func mean(samples []int) int {
	sum := 0
	for _, s := range samples {
		sum += s
	}
	return sum / len(samples)
}

func mb(bytes int) float64 { return float64(bytes) / 1e6 }
