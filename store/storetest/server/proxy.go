package server

import (
	"bytes"
	"io"
	"net"
	"sync/atomic"
	"testing"
)

// A Proxy stands before a server that speaks over TCP. It loses the answer to
// a request that holds Watched, and cuts the connection, when Loses says so.
type Proxy struct {
	To      string // host:port
	Watched string
	Loses   func() bool // nil for never; called with each answer, by many goroutines
}

// Start serves on a free address and returns it.
func (p *Proxy) Start(t *testing.T) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return p.Serve(t, l)
}

// Serve serves on l, which may speak TLS, and returns its address.
func (p *Proxy) Serve(t *testing.T, l net.Listener) (addr string) {
	t.Helper()
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.connect(c)
		}
	}()
	return l.Addr().String()
}

func (p *Proxy) connect(down net.Conn) {
	defer down.Close()
	up, err := net.Dial("tcp", p.To)
	if err != nil {
		return
	}
	defer up.Close()
	var asked atomic.Bool
	go func() {
		defer up.Close()
		pass(up, down, func(b []byte) bool {
			asked.Store(bytes.Contains(b, []byte(p.Watched)))
			return true
		})
	}()
	pass(down, up, func([]byte) bool { return p.Loses == nil || !asked.Load() || !p.Loses() })
}

// pass copies until keep says no.
func pass(to io.Writer, from io.Reader, keep func([]byte) bool) {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 && !keep(buf[:n]) || err != nil {
			return
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

// Nth returns a function that is true at its n-th call, counted from 1.
func Nth(n int64) func() bool {
	var calls atomic.Int64
	return func() bool { return calls.Add(1) == n }
}
