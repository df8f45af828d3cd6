package dynamodb_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"prowatch/store/dynamodb"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

func TestOpenSaysWhatIsWrongAndTheMend(t *testing.T) {
	without := func(names ...string) func(string) string {
		return func(name string) string {
			for _, n := range names {
				if n == name {
					return ""
				}
			}
			return environment(name)
		}
	}
	for _, tt := range []struct {
		name, state, want string
		getenv            func(string) string
	}{
		{"no table", "dynamodb:", "it names no table", nil},
		{"a table that cannot be", "dynamodb:pro/watch", "it names no table", nil},
		{"another scheme", "s3://bucket", "does not begin with dynamodb:", nil},
		{"an unknown parameter", "dynamodb:prowatch?regoin=x", `unknown parameter "regoin": there are endpoint, region`, nil},
		{"an empty parameter", "dynamodb:prowatch?region=", "parameter region is empty", nil},
		{"a parameter twice", "dynamodb:prowatch?region=a&region=b", "parameter region is given twice", nil},
		{"no parameters", "dynamodb:prowatch?%zz", "are no parameters", nil},
		{"an endpoint without scheme", "dynamodb:prowatch?endpoint=localhost:8000", "write one such as http://", nil},
		{"a password", "dynamodb:prowatch?endpoint=http://u:very-secret-key@h", "holds a user or password", nil},
		{"no region", "dynamodb:prowatch", "add ?region=", without("AWS_REGION")},
		{"no secret", "dynamodb:prowatch", "AWS_SECRET_ACCESS_KEY is not set", without("AWS_SECRET_ACCESS_KEY")},
		{"no credentials", "dynamodb:prowatch", "aws configure export-credentials", without("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.getenv == nil {
				tt.getenv = environment
			}
			_, err := dynamodb.Open(t.Context(), tt.state, &dynamodb.Options{Getenv: tt.getenv})
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "very-secret") {
				t.Errorf("Open(%q): got error %v, want one with %q", tt.state, err, tt.want)
			}
		})
	}
	if _, err := dynamodb.Open(t.Context(), "dynamodb:prowatch", nil); err == nil {
		t.Error("Open without an environment: got no error, want that there are no credentials")
	}
}

func TestARefusalIsSaidWithItsMend(t *testing.T) {
	for _, tt := range []struct{ name, code, message, want string }{
		{"a missing table", "ResourceNotFoundException", "Requested resource not found", "aws dynamodb create-table --region us-east-1 --table-name prowatch "},
		{"a missing right", "AccessDeniedException", "User: arn:… is not authorized", "allow dynamodb:GetItem, BatchGetItem, PutItem, DeleteItem and Query"},
		{"other keys", "ValidationException", "The provided key element does not match the schema", "keys must be pk and sk"},
		{"unknown credentials", "UnrecognizedClientException", "The security token is invalid", "check AWS_ACCESS_KEY_ID"},
		{"old credentials", "ExpiredTokenException", "expired", "get new ones"},
		{"a bad signature", "InvalidSignatureException", `no match\nx-amz-security-token:very-secret-token`, "check AWS_ACCESS_KEY_ID"},
		{"a secret in the first line", "InvalidSignatureException", "very-secret-token, very-secret-key", "[redacted], [redacted]"},
		{"a code without a mend", "SomethingNew", "that is new", "SomethingNew: that is new"},
		{"a long message", "SomethingNew", strings.Repeat("long ", 1000), "…"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := `{"__type":"com.amazonaws.dynamodb.v20120810#` + tt.code + `","message":"` + tt.message + `"}`
			s := open(t, "dynamodb:prowatch", &server.Broken{Faults: []server.Fault{server.Answer(http.StatusBadRequest, body)}})
			_, _, loadErr := s.Load(t.Context(), "k")
			_, saveErr := s.Save(t.Context(), "k", nil, "")
			for what, err := range map[string]error{"Load": loadErr, "Save": saveErr, "Delete": s.Delete(t.Context(), "k", "v")} {
				wantFailure(t, what, err, tt.want)
				if text := err.Error(); strings.Contains(text, "very-secret") || len(text) > 1000 || strings.Contains(text, "\n") {
					t.Errorf("%s: got error %q, want one short line without a secret", what, text)
				}
			}
		})
	}
}

func TestATableThatIsMissingOrNotOurs(t *testing.T) {
	moto := startMoto(t)
	missing := open(t, "dynamodb:missing?endpoint="+moto.url, nil)
	_, _, err := missing.Load(t.Context(), "k")
	wantFailure(t, "Load", err, "aws dynamodb create-table")
	for _, err := range missing.List(t.Context(), "") {
		wantFailure(t, "List", err, "aws dynamodb create-table")
	}
	foreign := open(t, moto.table(t, "id", "at"), nil)
	_, _, err = foreign.Load(t.Context(), "k")
	wantFailure(t, "Load", err, "keys must be pk and sk")
	_, err = foreign.Save(t.Context(), "k", nil, "")
	wantFailure(t, "Save", err, "keys must be pk and sk")
}

func TestCredentialsAreReadAnew(t *testing.T) {
	key := "AKIDFIRST"
	var seen []string
	note := func(req *http.Request, next http.RoundTripper) (*http.Response, error) {
		seen = append(seen, req.Header.Get("Authorization"))
		return next.RoundTrip(req)
	}
	s := open(t, "dynamodb:prowatch", &server.Broken{Next: server.InMemory(&fake{table: "prowatch"}), Faults: []server.Fault{note}}, func(o *dynamodb.Options) {
		o.Getenv = func(name string) string {
			if name == "AWS_ACCESS_KEY_ID" {
				return key
			}
			return environment(name)
		}
	})
	for _, key = range []string{"AKIDFIRST", "AKIDSECOND", ""} {
		_, _, err := s.Load(t.Context(), "k")
		if key == "" {
			wantFailure(t, "Load", err, "AWS_ACCESS_KEY_ID is not set")
		} else if last := seen[len(seen)-1]; !errors.Is(err, watch.ErrNotFound) || !strings.Contains(last, "Credential="+key+"/") {
			t.Errorf("Load as %s: got error %v, signed %.60s", key, err, last)
		}
	}
}

func TestAVersionThatCannotBeDrawnIsAnError(t *testing.T) {
	for name, random := range map[string]io.Reader{
		"broken": iotest.ErrReader(errors.New("no entropy")),
		"short":  strings.NewReader("short"),
	} {
		rt := &server.Broken{Faults: []server.Fault{server.Unsent}}
		s := open(t, "dynamodb:prowatch", rt, func(o *dynamodb.Options) { o.Random = random })
		if version, err := s.Save(t.Context(), "k", nil, ""); version != "" || err == nil || rt.Requests() != 0 {
			t.Errorf("%s: Save: got version %q, error %v, %d requests, want an error and none", name, version, err, rt.Requests())
		}
	}
}
