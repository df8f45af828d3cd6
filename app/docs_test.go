package app

import (
	"context"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"prowatch/config"
	"prowatch/notify"
)

// settings are what the references in the documents stand for.
var settings = map[string]string{
	"WECOM_URL":    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
	"DINGTALK_URL": "https://oapi.dingtalk.com/robot/send?access_token=t", "DINGTALK_SECRET": "SECx",
	"FEISHU_URL": "https://open.feishu.cn/open-apis/bot/v2/hook/t", "FEISHU_SECRET": "s", "LARK_ID": "t",
	"SLACK_URL": "https://hooks.slack.com/services/T0/B0/t", "DISCORD_URL": "https://discord.com/api/webhooks/1/t",
	"TEAMS_URL":      "https://x.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/1/triggers/manual/paths/invoke?sig=s",
	"TELEGRAM_TOKEN": "1:t", "PAGERDUTY_KEY": "k", "SMTP_PASSWORD": "p",
	"HOOK_URL": "https://hook.example.com/", "HOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
}

var fence = regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$")

func channelsGuide(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../docs/channels.md")
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

// TestTheGuidesConfigurationsLoad assembles an app from each YAML of the guide.
func TestTheGuidesConfigurationsLoad(t *testing.T) {
	blocks := fence.FindAllStringSubmatch(channelsGuide(t), -1)
	shown := map[string]bool{}
	for _, b := range blocks {
		a, err := New(t.Context(), Options{
			LookupEnv: func(name string) (string, bool) {
				if name == "PROWATCH_CONFIG" {
					return oneAccount + b[1], true
				}
				value, ok := settings[name]
				return value, ok
			},
			ReadFile: os.ReadFile, Stdout: new(strings.Builder), Use: None,
		})
		if err != nil {
			t.Errorf("%v in\n%s", err, b[1])
			continue
		}
		for _, c := range a.Settings.Channels {
			shown[c.Type] = true
		}
	}
	if got, want := slices.Sorted(maps.Keys(shown)), slices.Sorted(maps.Keys(channels)); !slices.Equal(got, want) {
		t.Errorf("the guide configures %q, want each of %q", got, want)
	}
}

func TestTheGuideNamesEveryTypeAndPlaceholder(t *testing.T) {
	guide := channelsGuide(t)
	for name := range channels {
		if !strings.Contains(guide, "\n## "+name+"\n") || !strings.Contains(guide, "[`"+name+"`](#"+name+")") {
			t.Errorf("the guide has no section on %s, or the table of types lacks it", name)
		}
	}
	for _, name := range notify.TemplateValues() {
		if !strings.Contains(guide, "`{"+name+"}`") {
			t.Errorf("the guide lacks the placeholder {%s}", name)
		}
	}
}

// deployed is the environment of a function.
func deployed(name string) (string, bool) {
	if name == "PROWATCH_SITE" {
		return "cn", true
	}
	return "of-" + name, true
}

// TestTheDeployGuidesConfigurationsLoad reads each YAML of the guides, with an
// account and a channel where it has none. An indented one belongs into
// serverless.yml, where build/conformance tries it.
func TestTheDeployGuidesConfigurationsLoad(t *testing.T) {
	secret := func(_ context.Context, ref string) (string, error) { return "of-" + ref, nil }
	for _, name := range []string{"deploy-lambda.md", "deploy-scf.md"} {
		text, err := os.ReadFile("../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		blocks := fence.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\r\n", "\n"), -1)
		if len(blocks) < 3 {
			t.Errorf("%s has %d configurations", name, len(blocks))
		}
		for _, b := range blocks {
			document := b[1]
			if strings.HasPrefix(document, " ") {
				continue
			}
			if !strings.HasPrefix(document, "accounts:") {
				document += oneAccount
			}
			if !strings.Contains(document, "channels:") {
				document += "channels: {out: {type: stdout}}\n"
			}
			_, err := config.Load(t.Context(), name, []byte(document), config.Options{
				LookupEnv:          deployed,
				ChannelTypes:       channelTypes(),
				AllowNoCredentials: true,
				Secrets:            map[string]func(context.Context, string) (string, error){"awssecret": secret, "awsssm": secret, "tencentssm": secret},
			})
			if err != nil {
				t.Errorf("%v in\n%s", err, b[1])
			}
		}
	}
}
