package s3_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"

	"prowatch/store/s3"
	"prowatch/store/storetest/server"
)

// keys returns what a list yields and its error.
func keys(ctx context.Context, s *s3.Store, prefix string) (keys []string, err error) {
	for key, err := range s.List(ctx, prefix) {
		if err != nil {
			return keys, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func TestAListPassesOverWhatIsNoKey(t *testing.T) {
	f := &fake{objects: map[string][]byte{
		"p/": nil, "p/account/": nil, "p/a b": nil, "p/a%2Fb": nil, "p/a//b": nil, "p/../x": nil, "p/企": nil,
		"p/account/acme": nil, "p/zone": nil, "other": nil, "q/account/x": nil, "pp": nil,
	}}
	for _, size := range []int32{1, 2, 5, 0} {
		got, err := keys(t.Context(), open(t, "s3://bucket/p", server.InMemory(f), pages(size)), "")
		if want := []string{"account/acme", "zone"}; !slices.Equal(got, want) || err != nil {
			t.Errorf("pages of %d: got %q, error %v, want %q", size, got, err, want)
		}
	}
}

func TestAnEncodedListIsDecoded(t *testing.T) {
	const body = `<ListBucketResult><EncodingType>url</EncodingType>` +
		`<Contents><Key>p%2Faccount%2Facme</Key></Contents><Contents><Key>p/b+c</Key></Contents><Contents><Key>p/%zz</Key></Contents>` +
		`<Contents><Key>p/d</Key></Contents></ListBucketResult>`
	s := open(t, "s3://bucket/p", &server.Broken{Faults: []server.Fault{server.Answer(http.StatusOK, body)}})
	got, err := keys(t.Context(), s, "")
	if want := []string{"account/acme", "d"}; !slices.Equal(got, want) || err != nil {
		t.Errorf("got %q, error %v, want %q", got, err, want)
	}
}

func TestAListWithoutOrderIsAnError(t *testing.T) {
	f := &fake{objects: map[string][]byte{"a": nil, "b": nil}, reverse: true}
	got, err := keys(t.Context(), open(t, "s3://bucket", server.InMemory(f)), "")
	wantFailure(t, "List", err, "a directory bucket has no order")
	if want := []string{"b"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAListThatFailsHalfWayEndsWithItsError(t *testing.T) {
	f := &fake{objects: map[string][]byte{"a": nil, "b": nil, "c": nil}}
	rt := &server.Broken{Next: server.InMemory(f), Faults: []server.Fault{server.Pass, server.Pass, refusal(http.StatusForbidden, "AccessDenied")}}
	got, err := keys(t.Context(), open(t, "s3://bucket", rt, pages(1)), "")
	wantFailure(t, "List", err, "s3:ListBucket on arn:aws:s3:::bucket")
	if want := []string{"a", "b"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAListEndsBetweenPagesWithItsContext(t *testing.T) {
	f := &fake{objects: map[string][]byte{"a": nil, "b": nil, "c": nil}}
	rt := &server.Broken{Next: server.InMemory(f), Faults: []server.Fault{server.Pass}}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range open(t, "s3://bucket", rt, pages(1)).List(ctx, "") {
		cancel()
		last = err
	}
	if !errors.Is(last, context.Canceled) || rt.Requests() != 1 {
		t.Errorf("got error %v after %d requests, want %v after 1", last, rt.Requests(), context.Canceled)
	}
}
