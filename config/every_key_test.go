package config_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"prowatch/config"
	"prowatch/watch"

	"github.com/google/go-cmp/cmp"
)

func readEveryKey(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/every-key.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func loadEveryKey(t *testing.T) *config.Settings {
	t.Helper()
	o := options()
	o.LookupEnv = func(name string) (string, bool) { return "of " + name, true }
	s, err := config.Load(t.Context(), "every-key.yaml", readEveryKey(t), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryKeyReachesTheSettings(t *testing.T) {
	s := loadEveryKey(t)
	a := s.Accounts[0]
	texts := []string{a.ID, a.SecretID, a.SecretKey, a.Token, a.Site, a.Endpoint, a.STSEndpoint, a.RoleARN, a.ExternalID, a.Labels["team"], s.Accounts[1].Site}
	want := []string{"acme-prod", "of ACME_ID", "of ACME_KEY", "t", "intl", "localhost:9900", "localhost:9901", "qcs::cam::uin/1:roleName/r", "ext-1", "sec", "cn"}
	if !slices.Equal(texts, want) || !a.AllowHTTP || a.Policy.Confirm != 2 || a.Pos.String() != "every-key.yaml:3:7" {
		t.Errorf("got the account %q, allow_http %t, confirm %d, at %s", texts, a.AllowHTTP, a.Policy.Confirm, a.Pos)
	}
	o := s.Organization
	texts = []string{o.SecretID, o.SecretKey, o.Site, o.Endpoint, o.STSEndpoint, o.Role, o.IDPrefix, o.Labels["team"], strings.Join(o.Exclude, " "), s.Accounts[2].Credentials}
	want = []string{"of ACME_ID", "of ACME_KEY", "cn", "localhost:9900", "localhost:9901", "watcher", "corp-", "sec", "100000000009 100000000010", "tccli:acme"}
	if !slices.Equal(texts, want) || !o.AllowHTTP || !o.IncludeSelf || o.Policy.Confirm != 3 {
		t.Errorf("got the organisation %q, allow_http %t, include_self %t, confirm %d", texts, o.AllowHTTP, o.IncludeSelf, o.Policy.Confirm)
	}
	routes := watch.Routes{
		{Match: watch.Match{Severity: []watch.Severity{watch.Critical}, Type: []string{"status.*", "expiry.*"}, Account: []string{"acme-*"}, Labels: map[string]string{"team": "sec"}}, Channels: []string{"sec", "tg"}, Continue: true},
		{Channels: []string{"out"}},
	}
	if d := cmp.Diff(routes, s.Routes); d != "" {
		t.Errorf("routes (-want +got):\n%s", d)
	}
	if d := cmp.Diff(watch.DefaultPolicy(), s.Policy, cmp.Comparer(func(x, y *time.Location) bool { return x.String() == y.String() })); d != "" {
		t.Errorf("the policy of the example is the default (-want +got):\n%s", d)
	}
	texts = []string{s.State, s.Schedule, s.HTTP.Listen, s.HTTP.PublicURL, s.HTTP.SigningKey, s.Heartbeat.URL, s.Digest.Channel, s.Digest.Cron, s.Fanout.Queue, s.CAFile, s.Runbooks[watch.StatusChanged]}
	want = []string{"file:./state", "17 * * * *", "127.0.0.1:8080", "https://prowatch.example.com", "s", "https://hc.example.com/uuid", "sec", "23 9 * * 1", "https://sqs.example.com/q", "/etc/ca.pem", "https://wiki.example.com/status"}
	if !slices.Equal(texts, want) || s.Concurrency != 4 || s.Fanout.Batch != 50 || len(s.Warnings) > 0 {
		t.Errorf("got %q, concurrency %d, batch %d, warnings %q", texts, s.Concurrency, s.Fanout.Batch, s.Warnings)
	}
	tokens := []config.Token{{"of T", "read", time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}, {"o", "operate", time.Time{}}}
	if !slices.Equal(s.HTTP.Tokens, tokens) {
		t.Error("the tokens differ from the document's")
	}
	if !slices.Equal(s.HTTP.CORS, []string{"https://board.example.com"}) {
		t.Errorf("got the origins %q", s.HTTP.CORS)
	}
}

func TestEachChannelGetsItsOwnSettings(t *testing.T) {
	s := loadEveryKey(t)
	got := map[string]any{}
	var names []string
	for _, c := range s.Channels {
		got[c.Name] = c.Config
		names = append(names, c.Name+" "+c.Type)
	}
	if want := []string{"sec dingtalk", "tg telegram", "out stdout"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
	want := map[string]any{
		"sec": &dingtalk{address: address{URL: "of DING_URL"}, Secret: "of DING_SECRET", Language: "zh", Mention: map[watch.Severity][]string{watch.Critical: {"@all"}}, Keep: watch.Duration(36 * time.Hour)},
		"tg":  &telegram{Token: "t", ChatID: "-100"},
		"out": &stdout{},
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(dingtalk{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
