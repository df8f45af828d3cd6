package tcss

import (
	"strings"
	"testing"

	"prowatch/watch"
)

func TestOneLine(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", ""},
		{"0123456789", "0123456789"},
		{"0123456789a", "0123456…"},
		{"\u4e2d\u6587\u4e2d\u6587", "\u4e2d\u6587…"}, // 3 bytes each
		{"a\u4e2d\u6587\u4e2d\u6587", "a\u4e2d\u6587…"},
		{" a\n\t b\x1b[1m ", "a b [1m"},
		{"a\xffb", "a b"},
	} {
		if got := oneLine(tt.text, 10); got != tt.want {
			t.Errorf("oneLine(%q, 10): got %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestHideFindsEverySecret(t *testing.T) {
	for _, tt := range []struct {
		name string
		key  Credentials
		text string
		want string
	}{
		{"all three", Credentials{"AKID0123456789abcdef", "key-key-key", "token-token"}, "key-key-key token-token AKID0123456789abcdef", "[secret] [secret] AKID…cdef"},
		{"a token as JSON spells it", Credentials{"AKID", "key-key-key", "token/token="}, `token/token= token\/token= token/token\u003d token\/token\u003d`, "[secret] [secret] [secret] [secret]"},
		{"a token that begins with the key", Credentials{"AKID", "key-key-key", "key-key-key-and-more"}, "<key-key-key-and-more>", "<[secret]>"},
		{"a short id", Credentials{"AKID012345", "key-key-key", ""}, "AKID012345", "…"},
		{"what is too short to be one", Credentials{"a", "b", ""}, "a b", "a b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := tt.key.hide(&watch.Failure{Class: watch.Denied, Code: tt.text, Message: tt.text, RequestID: tt.text})
			if want := (watch.Failure{Class: watch.Denied, Code: tt.want, Message: tt.want, RequestID: tt.want}); *f != want {
				t.Errorf("hide\n got %+v\nwant %+v", *f, want)
			}
		})
	}
}

func TestLongTextsAreBounded(t *testing.T) {
	long := strings.Repeat("x", 1<<16)
	f := testKey.hide(&watch.Failure{Code: long, Message: long, RequestID: long})
	if len(f.Code) != maxWord || len(f.Message) != maxMessage || len(f.RequestID) != maxWord {
		t.Errorf("lengths: got %d, %d, %d", len(f.Code), len(f.Message), len(f.RequestID))
	}
}
