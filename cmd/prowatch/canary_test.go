package main

import (
	"bytes"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

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
	c.writeKeys(t)
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
		{"state", "list"}, {"--debug", "state", "export"}, {"state", "export", filepath.Join(c.dir, "export.jsonl")},
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
