package secrets_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"prowatch/secrets"
)

func TestAReferenceHasANameParametersAndAField(t *testing.T) {
	r, err := secrets.Parse("/prod/key?region=eu-west-1#secret_id", "region", "endpoint")
	if err != nil || r.Name != "/prod/key" || r.Params.Get("region") != "eu-west-1" || r.Field != "secret_id" {
		t.Errorf("got %+v, %v", r, err)
	}
	for text, want := range map[string]string{
		"?region=r":          "names no secret",
		"a?regoin=r":         `unknown parameter "regoin": there are region`,
		"a?region=":          "region must be given once",
		"a?region=a&region=": "region must be given once",
		"a?%zz":              "cannot be read",
	} {
		if _, err := secrets.Parse(text, "region"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want …%s…", text, err, want)
		}
	}
}

func TestAFieldIsPickedWithoutQuotingTheSecret(t *testing.T) {
	const canary = "hunter2-hunter2"
	pick := func(field, value string) (string, error) { return secrets.Reference{Field: field}.Pick(value) }
	if v, err := pick("key", `{"key":"`+canary+`","n":5}`); err != nil || v != canary {
		t.Errorf("got %q, %v", v, err)
	}
	if v, err := pick("", canary); err != nil || v != canary {
		t.Errorf("got %q, %v", v, err)
	}
	for _, tt := range []struct{ field, value, want string }{
		{"key", canary, "no JSON object"},
		{"kye", `{"key":"` + canary + `"}`, `has no field "kye"`},
		{"n", `{"n":5}`, "is no text"},
	} {
		if _, err := pick(tt.field, tt.value); err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), canary) {
			t.Errorf("%+v: %v", tt, err)
		}
	}
}

func TestAnAnswerIsRememberedAndAFailureIsNot(t *testing.T) {
	var m secrets.Memory
	asked := 0
	ask := func(context.Context) (string, error) {
		if asked++; asked == 1 {
			return "", errors.New("busy")
		}
		return "v", nil
	}
	for i, want := range []string{"", "v", "v"} {
		if v, err := m.Get(t.Context(), "k", ask); v != want || (err != nil) != (i == 0) {
			t.Errorf("%d: got %q, %v", i, v, err)
		}
	}
	if asked != 2 {
		t.Errorf("asked %d times, want 2", asked)
	}
}
