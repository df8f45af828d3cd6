package s3_test

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"prowatch/store/s3"
	"prowatch/store/storetest/server"
)

func TestOpenSaysWhatIsWrongAndTheMend(t *testing.T) {
	for _, tt := range []struct{ name, state, want string }{
		{"no bucket", "s3://", "it names no bucket"},
		{"a bucket that cannot be", "s3://Bucket_1", "it names no bucket"},
		{"a port", "s3://bucket:80/x", "it names no bucket"},
		{"another scheme", "s3:bucket", "write s3://BUCKET/PREFIX"},
		{"a password", "s3://AKID:very-secret-key@bucket", "it holds credentials"},
		{"a prefix that goes up", "s3://bucket/a/../b", "its prefix has"},
		{"a prefix with a hole", "s3://bucket/a//b", "its prefix has"},
		{"a prefix with a blank", "s3://bucket/a b", "its prefix has"},
		{"an unknown parameter", "s3://bucket?pathstyle=true", `unknown parameter "pathstyle": there are endpoint, path_style, region`},
		{"neither true nor false", "s3://bucket?path_style=yes", "neither true nor false"},
		{"an empty parameter", "s3://bucket?path_style=", "parameter path_style is empty"},
		{"no parameters", "s3://bucket?%zz", "are no parameters"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := s3.Open(t.Context(), tt.state, &s3.Options{Getenv: environment})
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "very-secret") {
				t.Errorf("Open(%q): got error %v, want one with %q", tt.state, err, tt.want)
			}
		})
	}
	if _, err := s3.Open(t.Context(), "s3://bucket?region=r", nil); err == nil || !strings.Contains(err.Error(), "no AWS credentials") {
		t.Errorf("Open without an environment: got error %v, want that there are no credentials", err)
	}
}

func TestTheBucketIsInTheHostOrThePath(t *testing.T) {
	for state, want := range map[string]string{
		"s3://bucket/p":                                       "https://bucket.s3.us-east-1.amazonaws.com/p/k",
		"s3://bucket/p/?region=eu-central-1":                  "https://bucket.s3.eu-central-1.amazonaws.com/p/k",
		"s3://bucket?path_style=true":                         "https://s3.us-east-1.amazonaws.com/bucket/k",
		"s3://bucket?endpoint=http://minio:9000":              "http://bucket.minio:9000/k",
		"s3://bucket?path_style=true&endpoint=http://minio/x": "http://minio/x/bucket/k",
		"s3://bucket?endpoint=http://127.0.0.1:9000":          "http://127.0.0.1:9000/bucket/k",
	} {
		got := ""
		note := func(req *http.Request, next http.RoundTripper) (*http.Response, error) {
			req.URL.RawQuery = ""
			got = req.URL.String()
			return server.Answer(http.StatusNotFound, "<Error><Code>NoSuchKey</Code></Error>")(req, next)
		}
		open(t, state, &server.Broken{Faults: []server.Fault{note}}).Load(t.Context(), "k")
		if got != want {
			t.Errorf("%s: got a request to %s, want %s", state, got, want)
		}
	}
}

func TestARefusalIsSaidWithItsMend(t *testing.T) {
	for _, tt := range []struct{ name, code, message, want string }{
		{"a missing bucket", "NoSuchBucket", "The specified bucket does not exist", "aws s3api create-bucket --bucket bucket"},
		{"a missing right", "AccessDenied", "Access Denied", "allow s3:GetObject, PutObject and DeleteObject on arn:aws:s3:::bucket/state/* and s3:ListBucket"},
		{"another region", "PermanentRedirect", "use the specified endpoint", "set it with ?region="},
		{"unknown credentials", "InvalidAccessKeyId", "does not exist", "check AWS_ACCESS_KEY_ID"},
		{"old credentials", "ExpiredToken", "very-secret-token expired", "ExpiredToken: [redacted] expired; the credentials ran out"},
		{"a wrong clock", "RequestTimeTooSkewed", "The difference is too large", "clock of this machine is wrong"},
		{"a bad signature", "SignatureDoesNotMatch", "no match\nx-amz-security-token:very-secret-token", "check AWS_ACCESS_KEY_ID"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := "<Error><Code>" + tt.code + "</Code><Message>" + tt.message + "</Message></Error>"
			s := open(t, "s3://bucket/state", &server.Broken{Faults: []server.Fault{server.Answer(http.StatusForbidden, body)}})
			_, _, loadErr := s.Load(t.Context(), "k")
			_, saveErr := s.Save(t.Context(), "k", nil, "")
			_, listErr := keys(t.Context(), s, "")
			for what, err := range map[string]error{"Load": loadErr, "Save": saveErr, "Delete": s.Delete(t.Context(), "k", "v"), "List": listErr} {
				wantFailure(t, what, err, tt.want)
				if text := err.Error(); strings.Contains(text, "very-secret") || len(text) > 1000 || strings.Contains(text, "\n") {
					t.Errorf("%s: got error %q, want one short line without a secret", what, text)
				}
			}
		})
	}
}

func TestABucketThatIsMissingOrNotOurs(t *testing.T) {
	gw := server.VersityGW(t, os.Getenv, "bucket")
	for name, tt := range map[string]struct{ bucket, secret, want string }{
		"a missing bucket":    {"missing", gw.SecretKey, "aws s3api create-bucket --bucket missing"},
		"another's signature": {"bucket", "very-secret-key", "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, "s3://"+tt.bucket+"?path_style=true&endpoint="+gw.URL, nil, func(o *s3.Options) { o.Getenv = user(gw.AccessKey, tt.secret) })
			_, _, loadErr := s.Load(t.Context(), "k")
			_, saveErr := s.Save(t.Context(), "k", nil, "")
			_, listErr := keys(t.Context(), s, "")
			for what, err := range map[string]error{"Load": loadErr, "Save": saveErr, "Delete": s.Delete(t.Context(), "k", "v"), "List": listErr} {
				wantFailure(t, what, err, tt.want)
			}
		})
	}
}

func TestAKeyThatWouldNeedAnEscapeIsRefused(t *testing.T) {
	rt := &server.Broken{Next: server.InMemory(new(fake)), Faults: []server.Fault{server.Pass}}
	s := open(t, "s3://bucket", rt)
	for key, want := range map[string]string{
		"": "empty", strings.Repeat("k", 1025): "too long", "a b": "character", "a%2fb": "character", "企": "character",
		"\xff": "character", "../up": "part", "a/./b": "part", "a//b": "part", "/a": "part", "a/": "part",
	} {
		_, _, loadErr := s.Load(t.Context(), key)
		_, saveErr := s.Save(t.Context(), key, nil, "")
		for what, err := range map[string]error{"Load": loadErr, "Save": saveErr, "Delete": s.Delete(t.Context(), key, "v")} {
			wantFailure(t, what, err, want)
		}
	}
	if rt.Requests() != 0 {
		t.Errorf("got %d requests, want none", rt.Requests())
	}
}

// TestAVersionIsNoHeader expects what If-Match would take for more than one
// ETag.
func TestAVersionIsNoHeader(t *testing.T) {
	s := open(t, "s3://bucket", server.InMemory(new(fake)))
	version := save(t, s, "k", "x", "")
	for _, expected := range []string{"*", `"`, `", "` + version, `"` + version + `"`, version + "\r\nX: y", "W/" + version} {
		if _, err := s.Save(t.Context(), "k", []byte("y"), expected); err == nil {
			t.Errorf("Save expecting %q: got no error, want a conflict", expected)
		}
		if err := s.Delete(t.Context(), "k", expected); err == nil {
			t.Errorf("Delete expecting %q: got no error, want a conflict", expected)
		}
	}
}

func TestAVersionThatCannotBeDrawnIsAnError(t *testing.T) {
	for name, random := range map[string]io.Reader{
		"broken": iotest.ErrReader(errors.New("no entropy")),
		"short":  strings.NewReader("short"),
	} {
		rt := &server.Broken{Faults: []server.Fault{server.Unsent}}
		s := open(t, "s3://bucket", rt, func(o *s3.Options) { o.Random = random })
		if version, err := s.Save(t.Context(), "k", nil, ""); version != "" || err == nil || rt.Requests() != 0 {
			t.Errorf("%s: Save: got version %q, error %v, %d requests, want an error and none", name, version, err, rt.Requests())
		}
	}
}
