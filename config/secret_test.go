package config_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"prowatch/config"
)

type ctx = context.Context

func TestReferencesAreExpandedInsideScalars(t *testing.T) {
	for _, tt := range []struct{ scalar, want string }{
		{`"${env:KEY}"`, secret},
		{"${env:KEY}", secret},
		{`"a${env:KEY}b${env:N}"`, "a" + secret + "b7"},
		{`"${env:EMPTY}"`, ""},
		{`"${file:/run/key}"`, secret},
		{`"${awsssm:/prowatch/key}"`, secret},
		{`"$${env:KEY}"`, "${env:KEY}"},
		{`"$$${env:KEY}"`, "$${env:KEY}"},
		{`"$5 {x} $"`, "$5 {x} $"},
		{"|\n  ${env:KEY}\n", secret + "\n"},
	} {
		s, err := config.Load(t.Context(), "c.yaml", []byte(account+channel+"state: "+tt.scalar+"\n"), options())
		if err != nil {
			t.Errorf("%s: %v", tt.scalar, err)
		} else if s.State != tt.want {
			t.Errorf("%s: got %q, want %q", tt.scalar, s.State, tt.want)
		}
	}
}

func TestAReferenceCanStandForANumber(t *testing.T) {
	s, err := config.Load(t.Context(), "c.yaml", []byte(account+channel+"concurrency: \"${env:N}\"\n"), options())
	if err != nil || s.Concurrency != 7 {
		t.Errorf("got %v, %v, want concurrency 7", s, err)
	}
}

func TestKeysAndWhatASecretHoldsAreNotExpanded(t *testing.T) {
	o := options()
	o.LookupEnv = func(string) (string, bool) { return "${env:OTHER}", true }
	doc := channel + "accounts: [{id: a, secret_id: i, secret_key: \"${env:KEY}\", labels: {\"${env:NOPE\": x}}]"
	s, err := config.Load(t.Context(), "c.yaml", []byte(doc), o)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Accounts[0].SecretKey; got != "${env:OTHER}" {
		t.Errorf("got %q, want the variable's text as it is", got)
	}
	if _, ok := s.Accounts[0].Labels["${env:NOPE"]; !ok {
		t.Errorf("got labels %v, want the key as it is", s.Accounts[0].Labels)
	}
}

func TestAReferenceIsAskedForOnce(t *testing.T) {
	o, asked := options(), 0
	o.Secrets = map[string]func(ctx, string) (string, error){
		"awsssm": func(ctx, string) (string, error) { asked++; return secret, nil },
	}
	doc := channel + "state: \"${awsssm:a}\"\naccounts: [{id: a, secret_id: \"${awsssm:a}\", secret_key: \"${awsssm:a}\"}]"
	if _, err := config.Load(t.Context(), "c.yaml", []byte(doc), o); err != nil || asked != 1 {
		t.Errorf("asked %d times, err %v, want once", asked, err)
	}
}

func TestPrintedSettingsHoldNoSecret(t *testing.T) {
	doc := "accounts: [{id: a, secret_id: i, secret_key: '${env:KEY}'}]\nchannels: {d: {type: dingtalk, url: '${env:KEY}'}}\n" +
		"http: {signing_key: '${env:KEY}', tokens: [{token: '${env:KEY}'}]}\nheartbeat: {url: 'https://x/${env:KEY}'}\n"
	s, err := config.Load(t.Context(), "c.yaml", []byte(doc), options())
	if err != nil {
		t.Fatal(err)
	}
	if s.Accounts[0].SecretKey != secret || s.HTTP.Tokens[0].Token != secret {
		t.Fatal("the settings lack the secret")
	}
	for _, v := range []any{s, *s, s.Accounts, s.Accounts[0], s.Channels, s.Channels[0], s.HTTP, s.HTTP.Tokens, s.Heartbeat} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, secret) || strings.Contains(got, fmt.Sprintf("%x", secret)) {
				t.Errorf("%s of %T holds the secret: %s", verb, v, got)
			}
		}
	}
}
