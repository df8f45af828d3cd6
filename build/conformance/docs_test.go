package conformance

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"prowatch/events"
	"prowatch/store/cos"
)

// blocks returns the fenced blocks of a language in a guide.
func blocks(t *testing.T, guide, language string) []string {
	t.Helper()
	var out []string
	for _, m := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllStringSubmatch(read(t, guide), -1) {
		out = append(out, m[1])
	}
	if len(out) == 0 {
		t.Fatalf("%s has no block of %s", guide, language)
	}
	return out
}

// TestTheGuidesPoliciesAreTheStores holds the policy to paste against the rights
// that the store asks for when it has none.
func TestTheGuidesPoliciesAreTheStores(t *testing.T) {
	granted := map[string]bool{}
	for _, block := range blocks(t, "docs/deploy-scf.md", "json") {
		var policy object
		if err := json.Unmarshal([]byte(block), &policy); err != nil {
			t.Fatalf("%v in\n%s", err, block)
		}
		for _, s := range list(policy, "statement") {
			for _, action := range list(s, "action") {
				if name, ok := strings.CutPrefix(action.(string), "name/cos:"); ok {
					granted[name] = true
				}
			}
		}
	}
	s, err := cos.Open(t.Context(), "cos://prowatch-1250000000?region=ap-singapore", &cos.Options{
		Credentials: func(context.Context) (cos.Credentials, error) {
			return cos.Credentials{SecretID: "i", SecretKey: "k"}, nil
		},
		HTTPClient: &http.Client{Transport: denying{}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = s.Load(t.Context(), "account/acme")
	asked := regexp.MustCompile(`\b(?:Get|Put|Delete)[A-Z][A-Za-z]+\b`).FindAllString(err.Error(), -1)
	slices.Sort(asked)
	if got := slices.Sorted(maps.Keys(granted)); !slices.Equal(got, asked) || len(asked) < 5 {
		t.Errorf("the guide grants %q, the store asks for %q (%v)", got, asked, err)
	}
}

// denying answers every request as COS does to one without rights.
type denying struct{}

func (denying) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := refusing("AccessDenied").RoundTrip(r)
	if err == nil {
		resp.StatusCode = http.StatusForbidden
		resp.Header.Set("Content-Type", "application/xml")
		resp.Body = body("<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>")
	}
	return resp, err
}

func TestTheGuideNamesEveryParameter(t *testing.T) {
	var named []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([A-Z][A-Za-z]+)` \\|").FindAllStringSubmatch(read(t, "docs/deploy-lambda.md"), -1) {
		named = append(named, m[1])
	}
	parameters := newStack(t, read(t, "template.yaml"), nil).template["Parameters"].(object)
	slices.Sort(named)
	if want := slices.Sorted(maps.Keys(parameters)); !slices.Equal(named, want) {
		t.Errorf("the guide's table has %q\nthe template %q", named, want)
	}
}

// TestTheGuidesEnvFileIsWhole compares .env as the guide writes it with what
// serverless.yml needs.
func TestTheGuidesEnvFileIsWhole(t *testing.T) {
	var written []string
	for _, m := range regexp.MustCompile(`(?m)^([A-Z_]+)=`).FindAllStringSubmatch(blocks(t, "docs/deploy-scf.md", "ini")[0], -1) {
		if !strings.HasPrefix(m[1], "TENCENT_") { // for the command line itself
			written = append(written, m[1])
		}
	}
	slices.Sort(written)
	if want := slices.Sorted(maps.Keys(dotenv)); !slices.Equal(written, want) {
		t.Errorf("the guide's .env has %q, serverless.yml needs %q", written, want)
	}
}

// TestTheGuidesTimerTells puts the timer to paste where the guide says, and hands
// on what it would bring.
func TestTheGuidesTimerTells(t *testing.T) {
	var timer string
	for _, block := range blocks(t, "docs/deploy-scf.md", "yaml") {
		if strings.Contains(block, "argument:") {
			timer = block
		}
	}
	const under = "  events:\n"
	filled, faults := fillIn(t, strings.Replace(read(t, "serverless.yml"), under, under+timer, 1))
	doc := parseYAML(t, filled)
	if err := scfSchema(t).Validate(doc); err != nil || len(faults) > 0 {
		t.Fatal(err, faults)
	}
	p := at(list(doc, "inputs", "events")[0], "timer", "parameters")
	if err := checkCron(text(p, "cronExpression"), scfCron); err != nil || at(p, "enable") != true {
		t.Errorf("got the timer %v, %v, want one that fires", p, err)
	}
	event, err := json.Marshal(map[string]string{"Type": "Timer", "TriggerName": "tell", "Message": text(p, "argument")})
	if err != nil {
		t.Fatal(err)
	}
	if e, err := events.Decode(event); err != nil || !e.(events.Tick).Tell {
		t.Errorf("got %+v, %v, want a tick that tells", e, err)
	}
}
