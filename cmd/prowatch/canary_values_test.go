package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// canaries are a value for each secret field of a configuration, by the
// variable that holds it. They hold what each encoding writes in its own way,
// where the field can.
var canaries = map[string]string{
	"ACCOUNT_ID": "AKIDcanary0account0id0123", "ACCOUNT_KEY": `canary+account/key"<&>=01`, "ACCOUNT_TOKEN": "canary/account+token==0123",
	"FILED_ID": "AKIDcanary0filed0id01234", "FILED_KEY": "canary+filed/key<&>=01", "FILED_TOKEN": "canary/filed+token==0123",
	"TCCLI_ID": "AKIDcanary0tccli0id01234", "TCCLI_KEY": `canary+tccli/key"<&>=01`, "TCCLI_TOKEN": "canary/tccli+token==0123",
	"ROLED_ID": "AKIDcanary0roled0id01234", "ROLED_KEY": `canary+roled/key"<&>=01`, "ROLED_TOKEN": "canary/roled+token==0123",
	"CORP_ID": "AKIDcanary0corp00id01234", "CORP_KEY": `canary+corp/key"<&>=0123`, "CORP_TOKEN": "canary/corp+token==01234",
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
	"FILED_KEY", "TCCLI_KEY", "ROLED_KEY", "CORP_KEY", "ACCOUNT_KEY", "DINGTALK_SECRET", "FEISHU_SECRET", "WEBHOOK_SECRET", "SMTP_PASSWORD",
	"HTTP_READ", "HTTP_OPERATE", "SIGNING_KEY", "HEARTBEAT", "QUEUE", "PROXY_PASSWORD",
}

// everySecret is a configuration with all of them. What stands between @ is the
// address of a far side.
const everySecret = `
accounts:
  list:
  - {id: acme, secret_id: "${env:ACCOUNT_ID}", secret_key: "${env:ACCOUNT_KEY}", token: "${env:ACCOUNT_TOKEN}", endpoint: "@account@"}
  - {id: mirror, secret_id: "${env:ACCOUNT_ID}", secret_key: "${env:ACCOUNT_KEY}", token: "${env:ACCOUNT_TOKEN}", endpoint: "@mirror@", policy: {failing_after: 1}}
  - {id: filed, credentials: "file:canary", endpoint: "@filed@", policy: {failing_after: 1}}
  - {id: tccli, credentials: "tccli:canary", endpoint: "@tccli@", policy: {failing_after: 1}}
  - {id: roled, secret_id: "${env:ROLED_ID}", secret_key: "${env:ROLED_KEY}", token: "${env:ROLED_TOKEN}", endpoint: "@roled@", role_arn: "qcs::cam::uin/1:roleName/member", policy: {failing_after: 1}}
  organization: {secret_id: "${env:CORP_ID}", secret_key: "${env:CORP_KEY}", token: "${env:CORP_TOKEN}", endpoint: "@corp@", role: member}
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
