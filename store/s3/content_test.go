package s3_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"prowatch/store/s3"
	"prowatch/store/storetest/server"
)

const whole = "prowatch-record 1 0123456789abcdef0123456789abcdef 5 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\nhello"

func TestAnObjectIsAReadableLineAndTheData(t *testing.T) {
	f := new(fake)
	s := open(t, "s3://bucket/state", server.InMemory(f), func(o *s3.Options) {
		o.Random = strings.NewReader("\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef")
	})
	save(t, s, "account/acme", "hello", "")
	if got := string(f.objects["state/account/acme"]); got != whole {
		t.Errorf("got objects %q, want state/account/acme with %q", f.objects, whole)
	}
}

func TestADamagedObjectIsRefusedAndLeftAsItIs(t *testing.T) {
	const torn, foreign, newer = "is torn or was edited", "is no record of prowatch", "has a newer format than this prowatch knows: upgrade prowatch"
	for _, tt := range []struct{ name, content, want string }{
		{"empty", "", foreign},
		{"cut in the first line", whole[:60], torn},
		{"cut after the first line", strings.TrimSuffix(whole, "hello"), torn},
		{"cut in the data", strings.TrimSuffix(whole, "o"), torn},
		{"cut after the first word", whole[:len("prowatch-record ")], torn},
		{"longer", whole + "\n", torn},
		{"data changed", strings.Replace(whole, "hello", "jello", 1), torn},
		{"size changed", strings.Replace(whole, " 5 ", " 05 ", 1), torn},
		{"token cut", strings.Replace(whole, "0123", "", 1), torn},
		{"line end of Windows", strings.Replace(whole, "\n", "\r\n", 1), torn},
		{"JSON", `{"format":1,"account":"acme"}`, foreign},
		{"format 0", strings.Replace(whole, " 1 ", " 0 ", 1), torn},
		{"format 2", strings.Replace(whole, " 1 ", " 2 ", 1), newer},
		{"format 12 of another shape", "prowatch-record 12\n", newer},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := &fake{objects: map[string][]byte{"state/k": []byte(tt.content)}}
			s := open(t, "s3://bucket/state", server.InMemory(f))
			_, _, err := s.Load(t.Context(), "k")
			wantFailure(t, "Load", err, "the object s3://bucket/state/k "+tt.want)
			wantFailure(t, "Delete", s.Delete(t.Context(), "k", strings.Trim(etag([]byte(tt.content)), `"`)), tt.want)
			if got := string(f.objects["state/k"]); got != tt.content {
				t.Errorf("got %q, want it untouched", got)
			}
			if got, err := keys(t.Context(), s, ""); !slices.Equal(got, []string{"k"}) || err != nil {
				t.Errorf("List: got %q, error %v, want %q", got, err, "k")
			}
		})
	}
}

// endless is a body that says how much of it was read.
type endless struct{ read int }

func (e *endless) Read(b []byte) (int, error) {
	e.read += len(b)
	clear(b)
	return len(b), nil
}

func TestALargeForeignObjectIsNotRead(t *testing.T) {
	var body endless
	huge := func(req *http.Request, _ http.RoundTripper) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Etag": {`"x"`}}, Body: io.NopCloser(&body), Request: req, ContentLength: 1 << 40}, nil
	}
	_, _, err := open(t, "s3://bucket", &server.Broken{Faults: []server.Fault{huge}}).Load(t.Context(), "k")
	wantFailure(t, "Load", err, "is no record of prowatch")
	if body.read > 64<<10 {
		t.Errorf("got %d bytes read, want its start", body.read)
	}
}

// TestABodyThatBreaksOffIsAFailure has a server send half of a record.
func TestABodyThatBreaksOffIsAFailure(t *testing.T) {
	half := func(req *http.Request, _ http.RoundTripper) (*http.Response, error) {
		body := io.MultiReader(strings.NewReader(whole[:70]), &broke{})
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Etag": {`"x"`}}, Body: io.NopCloser(body), Request: req, ContentLength: int64(len(whole))}, nil
	}
	_, _, err := open(t, "s3://bucket", &server.Broken{Faults: []server.Fault{half}}).Load(t.Context(), "k")
	wantFailure(t, "Load", err, io.ErrUnexpectedEOF.Error())
}

type broke struct{}

func (broke) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
