package tcss

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"prowatch/watch"
)

func TestUselessCredentialsAreDeniedBeforeAnybodyIsAsked(t *testing.T) {
	key := testKey.SecretKey
	for _, tt := range []struct {
		name string
		key  Credentials
		want string
	}{
		{"no id", Credentials{SecretKey: key}, "secret_id is empty"},
		{"no key", Credentials{SecretID: "AKID"}, "secret_key is empty"},
		{"a key with its line break", Credentials{SecretID: "AKID", SecretKey: key + "\n"}, "secret_key holds"},
		{"an id with a space", Credentials{SecretID: "AK ID", SecretKey: key}, "secret_id holds"},
		{"a token with a letter of no alphabet", Credentials{SecretID: "AKID", SecretKey: key, Token: "t\u200bk"}, "token holds"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := open(t, Options{Credentials: Static(tt.key), Transport: transport(func(*http.Request) (*http.Response, error) {
				t.Error("a request was sent")
				return reply(200, normal)
			})})
			_, err := c.Read(t.Context())
			f := failed(t, err)
			if f.Class != watch.Denied || !strings.HasPrefix(f.Message, tt.want) || strings.Contains(f.Message, key) {
				t.Errorf("failure: got %v, want denied: %s", f, tt.want)
			}
		})
	}
}

func TestAFailureToGetCredentialsIsTheFailureOfTheCall(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		want watch.Failure
	}{
		{"of a known class", &watch.Failure{Class: watch.Denied, Code: "UnauthorizedOperation", Message: "no such role"},
			watch.Failure{Class: watch.Denied, Code: "UnauthorizedOperation", Message: "getting the credentials: no such role"}},
		{"of none", errors.New("no metadata"),
			watch.Failure{Class: watch.Unavailable, Message: "getting the credentials: no metadata"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := open(t, Options{Credentials: func(context.Context) (Credentials, error) { return Credentials{}, tt.err }})
			_, err := c.Read(t.Context())
			if f := failed(t, err); *f != tt.want {
				t.Errorf("failure\n got %+v\nwant %+v", *f, tt.want)
			}
		})
	}
}

func TestAnEndedContextIsToldBeforeTheCredentialsFail(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := open(t, Options{Credentials: func(ctx context.Context) (Credentials, error) { return Credentials{}, ctx.Err() }})
	_, err := c.Read(ctx)
	if f := failed(t, err); f.Message != "stopped before tcss.intl.tencentcloudapi.com answered" {
		t.Errorf("got %v", f)
	}
}

func TestCredentialsMayRotate(t *testing.T) {
	calls := 0
	var used []string
	c := open(t, Options{
		Credentials: func(context.Context) (Credentials, error) {
			calls++
			return Credentials{SecretID: strings.Repeat("i", calls), SecretKey: "k"}, nil
		},
		Transport: transport(func(r *http.Request) (*http.Response, error) {
			_, id, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
			id, _, _ = strings.Cut(id, "/")
			used = append(used, id)
			return reply(200, normal)
		}),
	})
	for range 2 {
		if _, err := c.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Join(used, " ") != "i ii" {
		t.Errorf("signed with: got %q, want i and then ii", used)
	}
}

func TestSecretsAreTakenOutOfAnswersToo(t *testing.T) {
	c := open(t, Options{Transport: transport(func(r *http.Request) (*http.Response, error) {
		return reply(200, `{"Response":{"a":"`+testKey.SecretKey+`","b":"`+testKey.Token+`","c":"`+testKey.SecretID+`"}}`)
	})})
	const want = `{"a":"[secret]","b":"[secret]","c":"AKID…0001"}`
	if got, err := c.Describe(t.Context()); err != nil || string(got) != want {
		t.Errorf("Describe: got %s, %v, want %s", got, err, want)
	}
}

func TestATransportThatTellsSecretsIsSilenced(t *testing.T) {
	c := open(t, Options{Transport: transport(func(r *http.Request) (*http.Response, error) {
		return nil, errors.New("cannot send " + testKey.SecretKey + "\n" + r.Header.Get("X-TC-Token"))
	})})
	_, err := c.Read(t.Context())
	want := "tcss.intl.tencentcloudapi.com gave no answer: cannot send [secret] [secret]"
	if f := failed(t, err); f.Message != want {
		t.Errorf("message: got %q, want %q", f.Message, want)
	}
}
