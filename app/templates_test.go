package app

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"prowatch/config"
)

// rows are a channel of each type, without its closing brace.
var rows = map[string]string{
	"dingtalk":  `{type: dingtalk, url: "https://chat.example.com/robot/send?access_token=t"`,
	"discord":   `{type: discord, url: "https://discord.com/api/webhooks/1/t"`,
	"email":     `{type: email, smtp: "smtp.example.com:587", from: ops@example.com, to: [sec@example.com]`,
	"feishu":    `{type: feishu, url: "https://open.feishu.cn/open-apis/bot/v2/hook/t"`,
	"pagerduty": `{type: pagerduty, routing_key: k`,
	"slack":     `{type: slack, url: "https://hooks.slack.com/services/T0/B0/t"`,
	"stdout":    `{type: stdout`,
	"teams":     `{type: teams, url: "https://flow.example.com/workflows/1?sig=t"`,
	"telegram":  `{type: telegram, token: "1:t", chat_id: "-100"`,
	"webhook":   `{type: webhook, url: "https://hook.example.com/"`,
	"wecom":     `{type: wecom, url: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"`,
}

const oneAccount = "accounts: [{id: acme, secret_id: AKIDx, secret_key: y}]\n"

// TestEveryChannelTakesTemplates loads a template of each type of notice, and one
// with a mistake, in a channel of each type. A webhook has no words: it carries
// the notice as data.
func TestEveryChannelTakesTemplates(t *testing.T) {
	var all []string
	for _, typ := range config.NoticeTypes() {
		all = append(all, typ+": {title: '{account} {label.team}', text: 'until {end}'}")
	}
	if want := slices.Sorted(maps.Keys(channels)); !slices.Equal(slices.Sorted(maps.Keys(rows)), want) {
		t.Fatalf("the test has not a row of each of %q", want)
	}
	for typ, row := range rows {
		if typ == "webhook" {
			continue
		}
		if _, err := open(t, oneAccount+"channels: {c: "+row+", templates: {"+strings.Join(all, ", ")+"}}}"); err != nil {
			t.Errorf("%s: %v", typ, err)
		}
		for templates, want := range map[string]string{
			"status.changed: {title: '{befor}'}": ":2:12: channel c: templates: status.changed: title: character 1: {befor} is no placeholder; did you mean before?",
			"status.chnaged: {title: x}":         `templates: "status.chnaged" is no type of notice; did you mean status.changed?`,
			"status.changed: {title: ''}":        "templates: status.changed: title: is empty",
			"status.changed: {titel: x}":         ":2:", // with its own column, by the reader
			"status.changed: x":                  "expected a mapping",
		} {
			if _, err := open(t, oneAccount+"channels: {c: "+row+", templates: {"+templates+"}}}"); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s with %s: got %v, want %s", typ, templates, err, want)
			}
		}
	}
}
