package cos_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"prowatch/store/storetest/server"
	"prowatch/watch"
)

func TestOddKeysAreKeptApart(t *testing.T) {
	s := open(t, server.InMemory(newBucket()))
	want := []string{".deleted/a", "/", "a", "a/", "a/../b", "a/.b", "a//b", "a/b", "a=2F", "a@999999999998", "企 业"}
	for _, k := range want {
		save(t, s, k, k, "")
	}
	if got := list(t, s, ""); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, k := range want {
		if data, _, err := s.Load(t.Context(), k); string(data) != k || err != nil {
			t.Errorf("Load(%q): got %q, error %v", k, data, err)
		}
	}
	for _, k := range []string{"", strings.Repeat("a", 900)} {
		if _, err := s.Save(t.Context(), k, nil, ""); err == nil || errors.Is(err, watch.ErrConflict) {
			t.Errorf("Save(%.10q): got error %v, want one", k, err)
		}
	}
}

func TestAListOfThousands(t *testing.T) {
	b := newBucket()
	s := open(t, server.InMemory(b))
	var want []string
	for i := range 2500 {
		want = append(want, fmt.Sprintf("account/%04d", i))
		b.Put("team/prod/"+want[i]+"@999999999998", "")
		b.Put("team/prod/"+want[i]+"@999999999997", "")
	}
	if got := list(t, s, "account/"); !slices.Equal(got, want) {
		t.Errorf("got %d keys, want %d", len(got), len(want))
	}
}
