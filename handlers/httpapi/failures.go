package httpapi

import (
	"container/list"
	"math"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How many wrong tokens are taken: of one address, and of all. A limit holds in
// one process; of a function there may be many.
const (
	failuresAtOnce    = 10
	failureEvery      = 6 * time.Second
	allFailuresAtOnce = 100
	allFailuresEvery  = time.Second
	maxAddresses      = 4096 // that are remembered, the last seen
)

// failures counts wrong tokens. An address that sent too many is answered no
// more, but for tokens that were right from there before: so one caller's
// mistake stops none of its neighbours behind the same address. A right token
// from another address, or from one that is not known, is never refused.
type failures struct {
	mu      sync.Mutex
	all     *rate.Limiter
	callers map[string]*list.Element
	order   *list.List // of *caller, the last seen first
}

type caller struct {
	address string
	limit   *rate.Limiter
	good    map[string]bool // ids of tokens
}

func newFailures() *failures {
	return &failures{all: rate.NewLimiter(rate.Every(allFailuresEvery), allFailuresAtOnce), callers: map[string]*list.Element{}, order: list.New()}
}

// try notes a token that came from the address, by its id, "" for a wrong one.
// It returns 0, or for how many seconds the caller must wait.
func (f *failures) try(address, id string, now time.Time) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if address == "" {
		return f.tryAll(id, now)
	}
	c := f.caller(address)
	if c.good[id] {
		return 0
	}
	if c.limit.TokensAt(now) < 1 {
		return wait(c.limit, now)
	}
	if id != "" {
		c.good[id] = true
		return 0
	}
	c.limit.AllowN(now, 1)
	return f.tryAll(id, now)
}

func (f *failures) tryAll(id string, now time.Time) int {
	if id != "" || f.all.AllowN(now, 1) {
		return 0
	}
	return wait(f.all, now)
}

// wait returns how many seconds it takes until one more is allowed.
func wait(l *rate.Limiter, now time.Time) int {
	return max(1, int(math.Ceil((1-l.TokensAt(now))/float64(l.Limit()))))
}

// caller returns what is known of an address, and forgets the one that was not
// seen for the longest time where there are too many.
func (f *failures) caller(address string) *caller {
	if e := f.callers[address]; e != nil {
		f.order.MoveToFront(e)
		return e.Value.(*caller)
	}
	if f.order.Len() >= maxAddresses {
		last := f.order.Remove(f.order.Back()).(*caller)
		delete(f.callers, last.address)
	}
	c := &caller{address: address, limit: rate.NewLimiter(rate.Every(failureEvery), failuresAtOnce), good: map[string]bool{}}
	f.callers[address] = f.order.PushFront(c)
	return c
}

// peer returns the caller's address, of IPv6 the network that one customer has,
// "" where it is not known. Behind a proxy on this machine it is what that says.
func (c *call) peer() string {
	host, _, err := net.SplitHostPort(c.RemoteAddr)
	if err != nil {
		return ""
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return ""
	}
	if addr = addr.Unmap(); addr.IsLoopback() {
		if addr = lastHop(c.Header); !addr.IsValid() {
			return ""
		}
	}
	if addr.Is6() {
		if p, err := addr.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}

// lastHop returns the address that the nearest proxy saw, not valid for none.
func lastHop(h http.Header) netip.Addr {
	hops := strings.Split(strings.Join(h.Values("X-Forwarded-For"), ","), ",")
	addr, _ := netip.ParseAddr(strings.TrimSpace(hops[len(hops)-1]))
	return addr.Unmap()
}
