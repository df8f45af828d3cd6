package remote_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"prowatch/store/remote"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		name, state string
		want        string // in the error, "" for none
	}{
		{"a plain one", "redis://host", ""},
		{"all of it", "rediss://user:p%40ss@host:1/2?prefix=a%3A", ""},
		{"a slash in the password", "redis://user:sesame/x@host/1", "%2F for /"},
		{"a percent sign in the password", "redis://user:sesame%x@host", "%25 for %"},
		{"a hash in the password", "redis://user:sesame#x@host", "%23 for #"},
		{"a hash at the end", "redis://host#", "%23 for #"},
		{"no slashes", "redis:host", "no URL"},
		{"another scheme", "sesame://host", "does not begin with redis:// or rediss://"},
		{"no host", "redis:///0", "names nothing after redis://"},
		{"a slip of the pen", "redis://host?prefx=a", `unknown parameter "prefx"; did you mean prefix?`},
		{"an unknown parameter", "redis://host?zzzzzzz=sesame", "write one of other, prefix"},
		{"one twice", "redis://host?prefix=a&prefix=b", "prefix is given twice"},
		{"one empty", "redis://host?prefix=", "prefix is empty"},
		{"a question mark in the password", "redis://user:se?same%@host", "%3F for ?"},
		{"a question mark after digits in the password", "redis://user:1?sesame@host", "%3F for ?"},
		{"a semicolon", "redis://host?prefix=a;b", "cannot be read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u, err := remote.Parse(tt.state, []string{"redis", "rediss"}, []string{"prefix", "other"})
			if tt.want == "" {
				if err != nil || u.Hostname() != "host" {
					t.Errorf("got %v, error %v, want the URL", u, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "sesame") {
				t.Errorf("got error %v, want one with %q and not the password", err, tt.want)
			}
		})
	}
}

func TestTry(t *testing.T) {
	refused, lost, fatal := errors.New("refused"), errors.New("lost"), errors.New("fatal")
	judge := func(err error) remote.Verdict {
		return map[error]remote.Verdict{refused: remote.Refused, lost: remote.Unsure}[err]
	}
	for _, tt := range []struct {
		name    string
		answers []error
		unsure  bool
		calls   int
		wait    time.Duration
	}{
		{"a success is one call", []error{nil}, false, 1, 0},
		{"a fault that stays is one call", []error{fatal}, false, 1, 0},
		{"a refusal leaves nothing open", []error{refused, nil}, false, 2, 100 * time.Millisecond},
		{"a lost answer leaves open what happened", []error{lost, refused, fatal}, true, 3, 300 * time.Millisecond},
		{"a last lost answer is the error", []error{refused, refused, refused, refused, lost}, false, 5, 1500 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls, begin := 0, time.Now()
				unsure, err := remote.Try(t.Context(), judge, func(context.Context) error {
					calls++
					return tt.answers[calls-1]
				})
				if want := tt.answers[len(tt.answers)-1]; err != want || unsure != tt.unsure || calls != tt.calls || time.Since(begin) != tt.wait {
					t.Errorf("got error %v, unsure %v, %d calls, %v\nwant %v, %v, %d, %v", err, unsure, calls, time.Since(begin), want, tt.unsure, tt.calls, tt.wait)
				}
			})
		})
	}
}

func TestTryEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		judge := func(error) remote.Verdict { return remote.Unsure }
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
		defer cancel()
		calls := 0
		hang := func(ctx context.Context) error {
			calls++
			<-ctx.Done()
			return errors.New("closed")
		}
		unsure, err := remote.Try(ctx, judge, hang)
		if !unsure || !errors.Is(err, context.DeadlineExceeded) || calls != 2 {
			t.Errorf("got unsure %v, error %v after %d calls, want %v after 2: one attempt takes 10 s", unsure, err, calls, context.DeadlineExceeded)
		}
		if _, err := remote.Try(ctx, judge, hang); calls != 2 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with a context that has ended: got error %v after %d calls, want none", err, calls-2)
		}
	})
}

func TestDraw(t *testing.T) {
	if got, err := remote.Draw(strings.NewReader("0123456789abcdefrest")); got != "30313233343536373839616263646566" || err != nil {
		t.Errorf("got %q, error %v", got, err)
	}
	if got, err := remote.Draw(strings.NewReader("short")); got != "" || err == nil {
		t.Errorf("of too little: got %q, error %v, want an error", got, err)
	}
}

func TestQuote(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{" a word\nand more", "a word"},
		{"no sesame here: sesame", "no [redacted] here: [redacted]"},
		{strings.Repeat("企", 101), strings.Repeat("企", 100) + "…"},
	} {
		if got := remote.Quote(tt.in, "", "sesame"); got != tt.want {
			t.Errorf("Quote(%q): got %q, want %q", tt.in, got, tt.want)
		}
	}
}
