package cos_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"prowatch/store/cos"
	"prowatch/store/cos/costest"
	"prowatch/store/storetest"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

const state = "cos://prowatch-1250000000/team/prod?region=ap-singapore"

// keys are what the bucket's user signs with.
var keys = cos.Credentials{SecretID: "AKIDtest", SecretKey: "sesame-key", Token: "sesame-token"}

func newBucket() *costest.Bucket {
	return &costest.Bucket{SecretID: keys.SecretID, SecretKey: keys.SecretKey, Token: keys.Token}
}

// A clock stands still unless it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newClock() *clock { return &clock{now: time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)} }

// open opens a store whose requests go to h.
func open(t *testing.T, h http.RoundTripper, edit ...func(*cos.Options)) *cos.Store {
	t.Helper()
	opts := cos.Options{
		Credentials: func(context.Context) (cos.Credentials, error) { return keys, nil },
		HTTPClient:  &http.Client{Transport: h},
	}
	for _, e := range edit {
		e(&opts)
	}
	s, err := cos.Open(t.Context(), state, &opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func by(c *clock) func(*cos.Options) { return func(o *cos.Options) { o.Now = c.Now } }

func save(t *testing.T, s watch.Store, key, data, expected string) (version string) {
	t.Helper()
	version, err := s.Save(t.Context(), key, []byte(data), expected)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

func list(t *testing.T, s watch.Store, prefix string) (keys []string) {
	t.Helper()
	for k, err := range s.List(t.Context(), prefix) {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, k)
	}
	return keys
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) watch.Store {
		b := newBucket()
		return tearable{open(t, server.InMemory(b)), b}
	})
}

// tearable is a store whose objects the test can damage.
type tearable struct {
	*cos.Store
	bucket *costest.Bucket
}

// Tear implements [storetest.Tearer].
func (s tearable) Tear(_ *testing.T, key string) {
	s.bucket.Put("team/prod/"+key+"@999999999998", "prowatch-record 1 ")
}

// Break implements [storetest.Breaker].
func (s tearable) Break(t *testing.T, fault storetest.Fault) watch.Store {
	writes := func(req *http.Request) bool { return req.Method != http.MethodGet }
	lose := map[storetest.Fault]server.Fault{storetest.FailBefore: server.Unsent, storetest.FailAfter: server.Lost}[fault]
	return open(t, &server.Broken{Next: server.InMemory(s.bucket), Faults: []server.Fault{server.OnWrites(lose, writes)}})
}

func TestStoreOverTheNetwork(t *testing.T) {
	storetest.Run(t, func(t *testing.T) watch.Store {
		web := httptest.NewServer(newBucket())
		t.Cleanup(web.Close)
		s, err := cos.Open(t.Context(), state+"&endpoint="+web.URL, &cos.Options{
			Credentials: func(context.Context) (cos.Credentials, error) { return keys, nil },
			HTTPClient:  web.Client(),
		})
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

// A pair saves by one process and does all else by another.
type pair struct {
	*cos.Store
	saver *cos.Store
}

func (p pair) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	return p.saver.Save(ctx, key, data, expected)
}

func TestTwoProcessesAndListsOfSmallPages(t *testing.T) {
	storetest.Run(t, func(t *testing.T) watch.Store {
		b := newBucket()
		b.PageSize = 7
		return pair{open(t, server.InMemory(b)), open(t, server.InMemory(b))}
	})
}

func TestARecordIsARowOfObjects(t *testing.T) {
	b := newBucket()
	s := open(t, server.InMemory(b))
	version := save(t, s, "account/acme", "1", "")
	version = save(t, s, "account/acme", "2", version)
	if err := s.Delete(t.Context(), "account/acme", version); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"team/prod/.deleted/account/acme",
		"team/prod/account/acme@999999999996",
		"team/prod/account/acme@999999999997",
		"team/prod/account/acme@999999999998",
	}
	if got := b.Names(); !slices.Equal(got, want) {
		t.Errorf("got objects %q\nwant %q", got, want)
	}
}

func TestAnyVersioningIsRefused(t *testing.T) {
	for _, status := range []string{"Enabled", "Suspended"} {
		b := newBucket()
		b.Versioning = status
		s := open(t, server.InMemory(b))
		_, _, loadErr := s.Load(t.Context(), "k")
		_, saveErr := s.Save(t.Context(), "k", nil, "")
		var listErr error
		for _, listErr = range s.List(t.Context(), "") {
		}
		for what, err := range map[string]error{"Load": loadErr, "Save": saveErr, "Delete": s.Delete(t.Context(), "k", "v"), "List": listErr} {
			if err == nil || !strings.Contains(err.Error(), "name a bucket that never had it") || errors.Is(err, watch.ErrNotFound) {
				t.Errorf("%s, %s: got error %v, want that the bucket is refused", status, what, err)
			}
		}
		if got := b.Names(); got != nil {
			t.Errorf("%s: got objects %q, want none", status, got)
		}
	}
}

func TestForeignObjectsAreLeftAsTheyAre(t *testing.T) {
	const name = "team/prod/k@999999999998"
	for content, want := range map[string]string{
		"":                               "no record of prowatch",
		"<html>":                         "no record of prowatch",
		"prowatch-record 2 x\n":          "upgrade prowatch",
		"prowatch-record 1 x 0 x\n":      "is torn",
		"prowatch-deleted 1 x\nand more": "is torn",
	} {
		b := newBucket()
		b.Put(name, content)
		s := open(t, server.InMemory(b))
		_, _, loadErr := s.Load(t.Context(), "k")
		_, saveErr := s.Save(t.Context(), "k", nil, "")
		for what, err := range map[string]error{"Load": loadErr, "Save": saveErr, "Delete": s.Delete(t.Context(), "k", "1-x")} {
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), name) || errors.Is(err, watch.ErrConflict) {
				t.Errorf("%q: %s: got error %v, want one with %q and the name", content, what, err, want)
			}
		}
		if got := b.Names(); len(got) != 1 {
			t.Errorf("%q: got objects %q, want the one", content, got)
		}
	}
}

func TestTheLastNumberIsAnError(t *testing.T) {
	b := newBucket()
	const token = "0123456789abcdef0123456789abcdef"
	b.Put("team/prod/k@000000000001", fmt.Sprintf("prowatch-record 1 %s 1 %x\nx", token, sha256.Sum256([]byte("x"))))
	s := open(t, server.InMemory(b))
	data, version, err := s.Load(t.Context(), "k")
	if string(data) != "x" || version != "999999999998-"+token || err != nil {
		t.Fatalf("Load: got %q, version %q, error %v", data, version, err)
	}
	if _, err := s.Save(t.Context(), "k", nil, version); err == nil || !strings.Contains(err.Error(), "used up") {
		t.Errorf("Save: got error %v, want that the numbers are used up", err)
	}
}

func TestAVersionThatCannotBeDrawnIsAnError(t *testing.T) {
	for name, random := range map[string]io.Reader{"broken": iotest.ErrReader(errors.New("no entropy")), "short": strings.NewReader("short")} {
		b := newBucket()
		s := open(t, server.InMemory(b), func(o *cos.Options) { o.Random = random })
		if version, err := s.Save(t.Context(), "k", nil, ""); version != "" || err == nil {
			t.Errorf("%s: got version %q, error %v, want an error", name, version, err)
		}
		if got := b.Names(); got != nil {
			t.Errorf("%s: got objects %q, want none", name, got)
		}
	}
}
