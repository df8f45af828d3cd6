package cos_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"prowatch/store/cos"
	"prowatch/store/cos/costest"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

// on is a transport to b where the first requests of the method, to an object
// or, with object false, to the bucket, have these faults.
func on(b *costest.Bucket, method string, object bool, faults ...server.Fault) http.RoundTripper {
	next := server.InMemory(b)
	broken := &server.Broken{Next: next, Faults: append(faults, server.Pass)}
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		if req.Method == method && (req.URL.Path != "/") == object {
			return broken.RoundTrip(req)
		}
		return next.RoundTrip(req)
	})
}

func TestAWriteWhoseAnswerWasLostKnowsItself(t *testing.T) {
	for name, faults := range map[string][]server.Fault{
		"lost":                      {server.Lost},
		"lost, then a fault of COS": {server.Lost, server.Answer(503, "<Error><Code>SlowDown</Code></Error>")},
		"not sent":                  {server.Unsent},
		"a fault of COS":            {server.Answer(500, "<Error><Code>InternalError</Code></Error>")},
		"lost with a wrong sum": {func(req *http.Request, next http.RoundTripper) (*http.Response, error) {
			resp, err := next.RoundTrip(req)
			resp.Header.Set("x-cos-hash-crc64ecma", "1")
			return resp, err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBucket()
				s := open(t, on(b, http.MethodPut, true, faults...))
				version := save(t, s, "k", "1", "")
				data, got, err := open(t, server.InMemory(b)).Load(t.Context(), "k")
				if string(data) != "1" || got != version || err != nil {
					t.Errorf("got %q, version %q, error %v, want version %q", data, got, err, version)
				}
			})
		})
	}
}

func TestAWriteThatAnotherCameBeforeIsAConflict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBucket()
		another := func(*http.Request, http.RoundTripper) (*http.Response, error) {
			save(t, open(t, server.InMemory(b)), "k", "another's", "")
			return server.Unsent(nil, nil)
		}
		_, err := open(t, on(b, http.MethodPut, true, another)).Save(t.Context(), "k", nil, "")
		if !errors.Is(err, watch.ErrConflict) {
			t.Errorf("got error %v, want ErrConflict", err)
		}
	})
}

func TestADeleteWhoseAnswerWasLostSucceeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBucket()
		version := save(t, open(t, server.InMemory(b)), "k", "1", "")
		s := open(t, on(b, http.MethodPut, true, server.Lost, server.Pass, server.Lost))
		if err := s.Delete(t.Context(), "k", version); err != nil {
			t.Errorf("got error %v, want none", err)
		}
		if _, _, err := s.Load(t.Context(), "k"); !errors.Is(err, watch.ErrNotFound) {
			t.Errorf("Load: got error %v, want ErrNotFound", err)
		}
	})
}

func TestAnswersThatStayLostAreAnErrorThatLeavesItOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, on(newBucket(), http.MethodPut, true, server.Lost, server.Unsent, server.Unsent, server.Unsent, server.Unsent))
		_, err := s.Save(t.Context(), "k", nil, "")
		if err == nil || errors.Is(err, watch.ErrConflict) || !strings.Contains(err.Error(), "no answer from COS at prowatch-1250000000") {
			t.Errorf("got error %v, want that nobody answers", err)
		}
	})
}

func TestAnAnswerThatIsNoneIsNoEmptyBucket(t *testing.T) {
	for name, body := range map[string]string{"nothing": "", "a page": "<html></html>", "half": "<ListBucketResult><Is"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBucket()
				save(t, open(t, server.InMemory(b)), "k", "1", "")
				always := server.Answer(200, body)
				s := open(t, on(b, http.MethodGet, false, server.Pass, always, always, always, always, always))
				_, _, err := s.Load(t.Context(), "k")
				if err == nil || errors.Is(err, watch.ErrNotFound) {
					t.Errorf("Load: got error %v, want that the answer is none", err)
				}
				s = open(t, on(b, http.MethodGet, false, always, always, always, always, always))
				if _, err := s.Save(t.Context(), "k2", nil, ""); err == nil {
					t.Error("Save: got no error though nothing says that there is no versioning")
				}
			})
		})
	}
}

func TestWhatCOSRefusesIsSaidWithItsMend(t *testing.T) {
	refuse := func(status int, code string) http.RoundTripper {
		answer := server.Answer(status, "<Error><Code>"+code+"</Code><Message>not with sesame-key or sesame-token</Message></Error>")
		return on(newBucket(), http.MethodGet, true, answer)
	}
	as := func(c cos.Credentials, err error) func(*cos.Options) {
		return func(o *cos.Options) {
			o.Credentials = func(context.Context) (cos.Credentials, error) { return c, err }
		}
	}
	good := server.InMemory(newBucket())
	for _, tt := range []struct {
		name string
		to   http.RoundTripper
		edit func(*cos.Options)
		want string
	}{
		{"a bucket that is missing", refuse(404, "NoSuchBucket"), nil, "create the bucket"},
		{"a right that is missing", refuse(403, "AccessDenied"), nil, "grant name/cos:GetBucket"},
		{"a code that is new", refuse(400, "Strange"), nil, "answered 400 Strange"},
		{"a page of a proxy", on(newBucket(), http.MethodGet, true, server.Answer(404, "<html>")), nil, "answered 404 no code"},
		{"a wrong id", good, as(cos.Credentials{SecretID: "AKIDother", SecretKey: "sesame"}, nil), "check the SecretId"},
		{"a wrong key", good, as(cos.Credentials{SecretID: keys.SecretID, SecretKey: "sesame", Token: keys.Token}, nil), "check the SecretKey"},
		{"a wrong token", good, as(cos.Credentials{SecretID: keys.SecretID, SecretKey: keys.SecretKey, Token: "sesame"}, nil), "check the token"},
		{"no credentials", good, as(cos.Credentials{}, nil), "execution role"},
		{"credentials that fail", good, as(cos.Credentials{}, errors.New("the role is gone")), "no Tencent Cloud credentials: the role is gone"},
		{"a clock that is late", good, func(o *cos.Options) { o.Now = func() time.Time { return time.Now().Add(-time.Hour) } }, "clock"},
		{"a clock that is early", good, func(o *cos.Options) { o.Now = func() time.Time { return time.Now().Add(time.Hour) } }, "clock"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.edit == nil {
				tt.edit = func(*cos.Options) {}
			}
			_, _, err := open(t, tt.to, tt.edit).Load(t.Context(), "k")
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "sesame") || errors.Is(err, watch.ErrNotFound) {
				t.Errorf("got error %v, want one with %q and no secret", err, tt.want)
			}
		})
	}
}

func TestCredentialsMayChangeBetweenRequests(t *testing.T) {
	b := newBucket()
	var current atomic.Pointer[cos.Credentials]
	current.Store(&keys)
	s := open(t, server.InMemory(b), func(o *cos.Options) {
		o.Credentials = func(context.Context) (cos.Credentials, error) { return *current.Load(), nil }
	})
	version := save(t, s, "k", "1", "")
	next := cos.Credentials{SecretID: "AKIDnext", SecretKey: "next-key", Token: "next-token"}
	b.SecretID, b.SecretKey, b.Token = next.SecretID, next.SecretKey, next.Token
	current.Store(&next)
	save(t, s, "k", "2", version)
}

func TestACallReturnsWhenItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		_, _, err := open(t, on(newBucket(), http.MethodGet, true, server.Hang)).Load(ctx, "k")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) > time.Second {
			t.Errorf("got error %v after %v", err, time.Since(begin))
		}
	})
}

func TestARequestThatHangsIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBucket()
		save(t, open(t, server.InMemory(b)), "k", "1", "")
		if _, _, err := open(t, on(b, http.MethodGet, true, server.Hang)).Load(t.Context(), "k"); err != nil {
			t.Errorf("got error %v, want none", err)
		}
	})
}

func TestACleaningThatFailsIsLoggedAndMadeGood(t *testing.T) {
	c := newClock()
	b := newBucket()
	b.Now = c.Now
	core, logs := observer.New(zap.WarnLevel)
	denied := server.Answer(403, "<Error><Code>AccessDenied</Code></Error>")
	s := open(t, on(b, http.MethodPost, false, denied), by(c), func(o *cos.Options) { o.Logger = zap.New(core) })
	version := ""
	for i := range 80 {
		c.Add(50 * time.Minute)
		version = save(t, s, "k", "x", version)
		if i == 31 && (logs.Len() != 1 || !strings.Contains(logs.All()[0].ContextMap()["error"].(string), "DeleteMultipleObjects")) {
			t.Errorf("after 32 saves: got logs %v, want one of the missing right", logs.All())
		}
	}
	if got := len(b.Names()); got > 29+16 || logs.Len() != 1 {
		t.Errorf("got %d objects and %d logs, want the objects of a day", got, logs.Len())
	}
}
