package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"prowatch/emulator"
)

// canaries are a value for each secret field of a configuration, by the
// variable that holds it. They hold what each encoding writes in its own way,
// where the field can.
var canaries = map[string]string{
	"ACCOUNT_ID": "AKIDcanary0account0id0123", "ACCOUNT_KEY": `canary+account/key"<&>=01`, "ACCOUNT_TOKEN": "canary/account+token==0123",
	"WECOM_KEY": `canary wecom/key+"<&>é`, "DINGTALK_TOKEN": `canary/dingtalk+token"<&>`, "DINGTALK_SECRET": `SECcanary/dingtalk+secret"<&>`,
	"FEISHU_TOKEN": "canary-feishu-token-0123", "FEISHU_SECRET": `canary feishu/secret+"<&>`,
	"SLACK_TOKEN": "canarySlackToken01234567", "TEAMS_SIG": `canary/teams+sig"<&>`, "DISCORD_TOKEN": "canary_discord-token_0123",
	"TELEGRAM_TOKEN": "1234:canary_telegram-token_01", "PAGERDUTY_KEY": "canarypagerdutykey0123456789abcd",
	"SMTP_PASSWORD": `canary smtp/password+"<&>`, "WEBHOOK_QUERY": `canary/webhook+query"<&>`,
	"WEBHOOK_SECRET": "whsec_" + base64.StdEncoding.EncodeToString([]byte("canary webhook secret, 32 bytes!")),
	"HTTP_READ":      "canary-http-read-token", "HTTP_OPERATE": "canary-http-operate-token", "SIGNING_KEY": "canary-signing-key",
	"HEARTBEAT": "canary-heartbeat-uuid", "QUEUE": "canary-queue-signature", "PROXY_PASSWORD": "canary-proxy-password",
}

// signedOnly are those that a request is signed with and that none holds.
var signedOnly = []string{
	"ACCOUNT_KEY", "DINGTALK_SECRET", "FEISHU_SECRET", "WEBHOOK_SECRET", "SMTP_PASSWORD",
	"HTTP_READ", "HTTP_OPERATE", "SIGNING_KEY", "HEARTBEAT", "QUEUE", "PROXY_PASSWORD",
}

// everySecret is a configuration with all of them. What stands between @ is the
// address of a far side.
const everySecret = `
accounts:
  - {id: acme, secret_id: "${env:ACCOUNT_ID}", secret_key: "${env:ACCOUNT_KEY}", token: "${env:ACCOUNT_TOKEN}", endpoint: "@account@"}
  - {id: mirror, secret_id: "${env:ACCOUNT_ID}", secret_key: "${env:ACCOUNT_KEY}", token: "${env:ACCOUNT_TOKEN}", endpoint: "@mirror@", policy: {failing_after: 1}}
channels:
  wecom: {type: wecom, url: "@wecom@/send?key=${env:WECOM_KEY_ESCAPED}", mention: {info: ["@all"]}}
  dingtalk: {type: dingtalk, url: "@dingtalk@/robot/send?access_token=${env:DINGTALK_TOKEN_ESCAPED}", secret: "${env:DINGTALK_SECRET}"}
  feishu: {type: feishu, url: "@feishu@/open-apis/bot/v2/hook/${env:FEISHU_TOKEN}", secret: "${env:FEISHU_SECRET}"}
  slack: {type: slack, url: "@slack@/services/T0/B0/${env:SLACK_TOKEN}"}
  teams: {type: teams, url: "@teams@/workflows/1?sig=${env:TEAMS_SIG_ESCAPED}"}
  discord: {type: discord, url: "@discord@/api/webhooks/1/${env:DISCORD_TOKEN}"}
  telegram: {type: telegram, url: "@telegram@", token: "${env:TELEGRAM_TOKEN}", chat_id: "-100"}
  pagerduty: {type: pagerduty, url: "@pagerduty@", routing_key: "${env:PAGERDUTY_KEY}"}
  email: {type: email, smtp: "@email@", tls: none, username: ops, password: "${env:SMTP_PASSWORD}", from: ops@example.com, to: [sec@example.com]}
  webhook: {type: webhook, url: "@webhook@/in?t=${env:WEBHOOK_QUERY_ESCAPED}", secret: "${env:WEBHOOK_SECRET}"}
  good: {type: webhook, url: "@good@/"}
  out: {type: stdout}
http: {listen: "127.0.0.1:0", signing_key: "${env:SIGNING_KEY}", tokens: [{token: "${env:HTTP_READ}"}, {token: "${env:HTTP_OPERATE}", scope: operate}]}
heartbeat: {url: "https://hc.example.com/${env:HEARTBEAT}"}
fanout: {queue: "https://queue.example.com/q?sig=${env:QUEUE}"}
state: file:./state
`

// forms are the spellings in which a secret may come out. Of its base64 there
// are three, by where in a longer text it stands; what its neighbours decide is
// left out.
func forms(secret string) []string {
	inJSON, _ := json.Marshal(secret)
	all := []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret), hex.EncodeToString([]byte(secret)),
		strings.Trim(string(inJSON), `"`), strings.Trim(fmt.Sprintf("%q", secret), `"`), strings.ReplaceAll(secret, "/", `\/`),
		strings.ReplaceAll(url.QueryEscape(secret), "+", "%20"),
	}
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			text := encoding.EncodeToString([]byte(strings.Repeat("x", before) + secret))
			all = append(all, text[(before*8+5)/6:len(text)-2])
		}
	}
	return all
}

// leaks returns the names of the secrets in a text, but for those allowed.
func leaks(text string, allowed ...string) []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(canaries)) {
		if slices.ContainsFunc(forms(canaries[name]), func(form string) bool { return strings.Contains(text, form) }) && !slices.Contains(allowed, name) {
			found = append(found, name)
		}
	}
	return found
}

func TestTheCanariesAreFoundInEveryForm(t *testing.T) {
	for name, secret := range canaries {
		inJSON, _ := json.Marshal(secret)
		for _, text := range []string{
			"x" + secret, "?k=" + url.QueryEscape(secret), "/" + url.PathEscape(secret), string(inJSON), fmt.Sprintf("%q", secret),
			base64.StdEncoding.EncodeToString([]byte("ops:" + secret)), base64.URLEncoding.EncodeToString([]byte("\x00ops\x00" + secret + "!")),
		} {
			if got := leaks(text); !slices.Contains(got, name) {
				t.Errorf("%s is not found in %s", name, text)
			}
		}
	}
	if got := leaks("an ordinary text of prowatch, with the words key, token and secret"); got != nil {
		t.Errorf("found %q in a text without any", got)
	}
}

// cage is a machine whose configuration holds every canary.
type cage struct {
	*machine
	dir string
	far *farSides
}

// newCage builds the machine, with the far sides in that mood.
func newCage(t *testing.T, m *machine, mood string) *cage {
	t.Helper()
	c := &cage{machine: m, dir: t.TempDir(), far: newFarSides(t, mood)}
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + c.dir, "SYSTEMROOT=" + os.Getenv("SYSTEMROOT"),
		"HTTPS_PROXY=http://ops:" + canaries["PROXY_PASSWORD"] + "@" + c.far.proxy}
	for name, secret := range canaries {
		env = append(env, name+"="+secret, name+"_ESCAPED="+url.QueryEscape(secret))
	}
	c.env = env
	document := everySecret
	for name, address := range c.far.addresses {
		document = strings.ReplaceAll(document, "@"+name+"@", address)
	}
	c.write(t, document)
	return c
}

func (c *cage) write(t *testing.T, document string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, "prowatch.yaml"), []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run runs the binary and looks for the canaries in all that it prints.
func (c *cage) run(t *testing.T, args ...string) (stdout string, code int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), c.binary, args...)
	var out, faults bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = c.dir, c.env, &out, &faults
	cmd.Stdin = strings.NewReader(`{"action":"check"}`)
	_ = cmd.Run() // the exit code says it
	if got := leaks(out.String() + faults.String()); got != nil {
		t.Errorf("prowatch %q prints %q:\n%s%s", args, got, &out, &faults)
	}
	if out.Len()+faults.Len() == 0 {
		t.Errorf("prowatch %q prints nothing: there is nothing to look into", args)
	}
	return out.String() + faults.String(), cmd.ProcessState.ExitCode()
}

// look looks into every file of the state, and into what the far sides got: a
// secret may be in the requests to its own only.
func (c *cage) look(t *testing.T) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(filepath.Join(c.dir, "state"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(name)
		if got := leaks(name + string(data)); got != nil {
			t.Errorf("%s holds %q:\n%s", name, got, data)
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("there are %d files in the state, %v", files, err)
	}
	for name, requests := range c.far.got() {
		if got := leaks(requests, c.far.owned(name)...); got != nil {
			t.Errorf("%s is told %q:\n%.3000s", name, got, requests)
		}
	}
	for name, texts := range c.far.shown() {
		if got := leaks(texts); got != nil && name != "pagerduty" { // shows its events as they came
			t.Errorf("%s shows %q:\n%.3000s", name, got, texts)
		}
	}
}

// TestNoSecretComesOut runs the verbs on a configuration with a canary in each
// secret field, while the far sides take the messages, echo whatever they get
// in their refusals, and are down in each way.
func TestNoSecretComesOut(t *testing.T) {
	m := newMachine(t)
	t.Run("all is well", func(t *testing.T) {
		c := newCage(t, m, "well")
		c.everyVerb(t)
		c.look(t)
		got := c.far.got()
		for name := range canaries {
			owner := c.far.ownerOf(name)
			if !slices.Contains(signedOnly, name) && !slices.Contains(leaks(got[owner]), name) {
				t.Errorf("%s is not found in the requests to %s, where it must be: the test finds nothing", name, owner)
			}
		}
		for name, texts := range c.far.shown() {
			if texts == "" {
				t.Errorf("%s has taken nothing", name)
			}
		}
	})
	t.Run("refusals echo the request", func(t *testing.T) {
		c := newCage(t, m, "echo")
		for range echoes {
			c.run(t, "--debug", "notify", "test")
		}
		c.everyVerb(t)
		if out, _ := c.run(t, "history"); !strings.Contains(out, "***") {
			t.Errorf("no receipt quotes a refusal with its secret taken out:\n%s", out)
		}
		c.look(t)
	})
	t.Run("all is down", func(t *testing.T) {
		c := newCage(t, m, "down")
		out, _ := c.run(t, "--debug", "check")
		if strings.Count(out, "not sent") < 6 || strings.Count(out, "may have arrived") < 3 || !strings.Contains(out, "PagerDuty 302") {
			t.Errorf("the channels are not down in each way:\n%s", out)
		}
		c.run(t, "status")
		c.run(t, "history", "-o", "json")
		c.run(t, "describe", "mirror")
		c.look(t)
	})
}

// everyVerb runs each verb that reads the configuration or the state.
func (c *cage) everyVerb(t *testing.T) {
	t.Helper()
	scenario := filepath.Join(c.dir, "lapse.yaml")
	if err := os.WriteFile(scenario, []byte("title: a lapse\naccount: acme\nsteps:\n  - {at: 2026-01-01T00:00:00+08:00, api: {BuyStatus: Normal}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"check"}, {"--debug", "check"}, {"check", "-o", "json"}, {"notify", "test"}, {"notify", "test", "-o", "json"}, {"--debug", "notify", "test", "wecom"},
		{"status"}, {"status", "-o", "json"}, {"history"}, {"history", "-o", "json"}, {"describe", "acme"}, {"describe", "mirror", "-o", "table"},
		{"simulate", scenario}, {"--debug", "invoke", "-"}, {"config", "check"},
		{"mute", "account", "acme", "--for", "1h"}, {"unmute", "account", "acme"}, {"redrive"}, {"--debug", "help"}, {"version"},
	} {
		c.run(t, args...)
	}
}

// TestNoMistakeInASettingPrintsIt puts each secret where its form is refused.
func TestNoMistakeInASettingPrintsIt(t *testing.T) {
	c := newCage(t, newMachine(t), "well")
	const account = "accounts: [{id: acme, secret_id: \"${env:ACCOUNT_ID}\", secret_key: \"${env:ACCOUNT_KEY}\"}]\n"
	for _, mistake := range []string{
		`channels: {c: {type: wecom, url: "${env:WECOM_KEY}"}}`,
		`channels: {c: {type: wecom, url: "https://example.com/${env:WECOM_KEY}"}}`,
		`channels: {c: {type: dingtalk, url: "http://example.com/robot/send?access_token=${env:DINGTALK_TOKEN}"}}`,
		`channels: {c: {type: dingtalk, url: "https://example.com/?access_token=x", secret: "${env:FEISHU_SECRET}"}}`,
		`channels: {c: {type: feishu, url: "https://example.com/${env:FEISHU_TOKEN}"}}`,
		`channels: {c: {type: slack, url: "https://hooks.slack.com/${env:SLACK_TOKEN}"}}`,
		`channels: {c: {type: teams, url: "https://x.webhook.office.com/${env:TEAMS_SIG_ESCAPED}"}}`,
		`channels: {c: {type: discord, url: "https://discord.com/${env:DISCORD_TOKEN}"}}`,
		`channels: {c: {type: telegram, token: "${env:SLACK_TOKEN}", chat_id: "-1"}}`,
		`channels: {c: {type: telegram, token: "1:x", chat_id: "-1", ${env:TELEGRAM_TOKEN}: x}}`,
		`channels: {c: {type: pagerduty, routing_key: "${env:FEISHU_SECRET}"}}`,
		`channels: {c: {type: webhook, url: "https://example.com/", secret: "${env:SLACK_TOKEN}"}}`,
		`channels: {c: {type: webhook, url: "https://example.com/", secret: "whsec_${env:SLACK_TOKEN}"}}`,
		`channels: {c: {type: "${env:SLACK_TOKEN}"}}`,
		`channels: {c: {type: stdout, language: "${env:HTTP_READ}"}}`,
		"channels: {c: {type: stdout}}\nstate: \"${env:SIGNING_KEY}\"",
		"channels: {c: {type: stdout}}\nheartbeat: {url: \"${env:HEARTBEAT}\"}",
		"channels: {c: {type: stdout}}\nhttp: {listen: \"${env:SIGNING_KEY}\", tokens: [{token: \"${env:HTTP_READ}\"}, {token: \"${env:HTTP_READ}\", scope: \"${env:HTTP_OPERATE}\"}]}",
	} {
		c.write(t, account+mistake)
		c.run(t, "config", "check")
		if out, code := c.run(t, "check"); code != exitFailed {
			t.Errorf("prowatch check takes %s with exit code %d:\n%s", mistake, code, out)
		}
	}
}

// theAccount is what the emulator knows of the account.
func theAccount() *emulator.Options {
	id := canaries["ACCOUNT_ID"]
	return &emulator.Options{
		Accounts: map[string]string{id: canaries["ACCOUNT_KEY"]}, Tokens: map[string]string{id: canaries["ACCOUNT_TOKEN"]}, Rate: -1,
		Now: time.Now,
	}
}
