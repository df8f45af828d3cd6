package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"prowatch/app"
)

// states are one of each kind that is linked.
var states = map[string]string{
	"file":     "file:./state",
	"dynamodb": "dynamodb:prowatch",
	"s3":       "s3://bucket/prowatch",
	"cos":      "cos://prowatch-1250000000/p",
	"redis":    "redis://host",
	"rediss":   "rediss://host",
	"postgres": "postgres://host/db",
}

// TestAnUnknownParameterIsAnErrorInEveryStore opens each kind with a parameter
// that none has, after one that most have.
func TestAnUnknownParameterIsAnErrorInEveryStore(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "sesame")
	for scheme := range stores {
		state, ok := states[scheme]
		if !ok {
			t.Errorf("no state of the kind %s is tried", scheme)
		}
		for _, use := range []app.Use{app.Keep, app.Look} {
			_, _, err := app.OpenState(t.Context(), app.Options{Stores: stores}, state+"?no_such_parameter=sesame", use)
			if err == nil || !strings.Contains(err.Error(), `unknown parameter "no_such_parameter`) || strings.Contains(err.Error(), "sesame") {
				t.Errorf("%s: got error %v, want one that names the parameter and not its value", scheme, err)
			}
		}
	}
}

func storesGuide(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/stores.md")
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

func TestTheGuideNamesEveryStoreItsParametersAndItsRights(t *testing.T) {
	guide := storesGuide(t)
	for scheme := range stores {
		if !strings.Contains(guide, "\n## "+strings.TrimSuffix(scheme, "s")) && !strings.Contains(guide, "\n## "+scheme+"\n") || !strings.Contains(guide, "`"+scheme+":`") {
			t.Errorf("the guide has no section on %s, or its table lacks it", scheme)
		}
	}
	right := regexp.MustCompile(`"?(dynamodb|s3|name/cos):[A-Z][A-Za-z]+|\+[a-z]+(\|get)?|PRIMARY KEY|GRANT [A-Z, ]+ ON`)
	for _, name := range []string{"dynamodb", "s3", "cos", "redis", "postgres"} {
		doc, err := os.ReadFile("../../store/" + name + "/doc.go")
		if err != nil {
			t.Fatal(err)
		}
		rights := right.FindAllString(string(doc), -1)
		if len(rights) == 0 {
			t.Errorf("%s: its documentation names no rights: have they another form?", name)
		}
		for _, r := range rights {
			if !strings.Contains(guide, r) {
				t.Errorf("the guide lacks the right %s of %s", r, name)
			}
		}
	}
}

func TestTheGuidesStatesCanBeOpened(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "sesame")
	found := regexp.MustCompile(`(?m)^state: (\S+)$|prowatch state migrate \S+ (\S+)`).FindAllStringSubmatch(storesGuide(t), -1)
	if len(found) < 2 {
		t.Fatalf("found %d states in the guide", len(found))
	}
	t.Setenv("AWS_REGION", "eu-central-1")
	for _, m := range found {
		state := m[1] + m[2]
		if _, _, err := app.OpenState(t.Context(), app.Options{Stores: stores}, state, app.Look); err != nil {
			t.Errorf("%s: %v", state, err)
		}
	}
}
