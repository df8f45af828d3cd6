package cos_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"prowatch/store/cos"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

func TestALoadIsGoodForAnHour(t *testing.T) {
	for _, tt := range []struct {
		age  time.Duration
		want error
	}{{time.Hour - 1, nil}, {time.Hour, watch.ErrConflict}, {-time.Second, watch.ErrConflict}} {
		c := newClock()
		b := newBucket()
		b.Now = c.Now
		s := open(t, server.InMemory(b), by(c))
		version := save(t, s, "k", "1", "")
		c.Add(tt.age)
		if _, err := s.Save(t.Context(), "k", []byte("2"), version); !errors.Is(err, tt.want) {
			t.Errorf("a save %v after the load: got error %v, want %v", tt.age, err, tt.want)
		}
		_, version, err := s.Load(t.Context(), "k")
		if err != nil {
			t.Fatal(err)
		}
		save(t, s, "k", "3", version)
	}
}

// TestNobodyWritesIntoAGap lets two processes keep a version while others save
// for a month.
func TestNobodyWritesIntoAGap(t *testing.T) {
	c := newClock()
	b := newBucket()
	b.Now = c.Now
	loader, writer := open(t, server.InMemory(b), by(c)), open(t, server.InMemory(b), by(c))
	first := save(t, loader, "k", "0", "")
	version := first
	for range 30 * 24 * 2 {
		c.Add(30 * time.Minute)
		version = save(t, writer, "k", "x", version)
	}
	if got := len(b.Names()); got < 48 || got > 48+16 {
		t.Errorf("got %d objects, want those of a day, 48, and up to 16 more", got)
	}
	for what, s := range map[string]*cos.Store{"who loaded it": loader, "another process": open(t, server.InMemory(b), by(c))} {
		if _, err := s.Save(t.Context(), "k", nil, first); !errors.Is(err, watch.ErrConflict) {
			t.Errorf("%s: got error %v, want ErrConflict", what, err)
		}
	}
	if _, got, err := loader.Load(t.Context(), "k"); got != version || err != nil {
		t.Errorf("Load: got version %q, error %v, want %q", got, err, version)
	}
}

func TestTheNewestIsNeverRemoved(t *testing.T) {
	c := newClock()
	b := newBucket()
	b.Now = c.Now
	s := open(t, server.InMemory(b), by(c))
	version := ""
	for range 16 {
		version = save(t, s, "k", "x", version)
	}
	c.Add(365 * 24 * time.Hour)
	_, got, err := s.Load(t.Context(), "k")
	if got != version || err != nil {
		t.Fatalf("Load: got version %q, error %v, want %q", got, err, version)
	}
	for range 16 {
		version = save(t, s, "k", "x", version)
	}
	if got := len(b.Names()); got != 16 {
		t.Errorf("got %d objects, want the 16 of today", got)
	}
}

func TestListsThatLagHideNoSave(t *testing.T) {
	c := newClock()
	b := newBucket()
	b.Now, b.ListLag = c.Now, 5*time.Minute
	here, there := open(t, server.InMemory(b), by(c)), open(t, server.InMemory(b), by(c))
	version := ""
	for i := range 40 {
		c.Add(time.Second)
		version = save(t, here, "k", fmt.Sprint(i), version)
		data, got, err := there.Load(t.Context(), "k")
		if string(data) != fmt.Sprint(i) || got != version || err != nil {
			t.Fatalf("save %d: got %q, version %q, error %v, want version %q", i, data, got, err, version)
		}
		if data, got, err := open(t, server.InMemory(b), by(c)).Load(t.Context(), "k"); got != version || err != nil {
			t.Fatalf("save %d, a new process: got %q, version %q, error %v, want version %q", i, data, got, err, version)
		}
	}
}
