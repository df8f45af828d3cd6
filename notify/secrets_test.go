package notify

import (
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"testing"
)

func TestSecretsAreScrubbedInEveryForm(t *testing.T) {
	u, err := url.Parse("https://user:c4n4ry-pass@hooks.example/services/T000/c4n4ry-token-in-path?key=c4n4ry%2B%2F%26key&sig=c4n4ry-sig")
	if err != nil {
		t.Fatal(err)
	}
	s := secretsOf(u, []string{"whsec_c4n4ry/+&<key>="})
	all := []string{u.String(), u.RequestURI(), u.RawQuery, u.Path, u.Query().Get("key"), u.Query().Get("sig"), "c4n4ry-pass", "whsec_c4n4ry/+&<key>="}
	for _, v := range all {
		escaped, _ := json.Marshal(v)
		for _, form := range []string{v, url.QueryEscape(v), url.PathEscape(v), html.EscapeString(v), strings.Trim(string(escaped), `"`), strings.ReplaceAll(v, "/", `\/`)} {
			if got := s.scrub("Cannot POST " + form + " here"); strings.Contains(got, "c4n4ry") {
				t.Errorf("scrub left %q of %q", got, form)
			}
		}
	}
	if got, want := s.scrub("the services are busy"), "the services are busy"; got != want {
		t.Errorf("scrub changed ordinary words: %q", got)
	}
}
