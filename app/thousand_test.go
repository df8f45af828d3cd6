package app

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"prowatch/notify/sink"
	"prowatch/watch"
)

// chats are a channel of each type that takes digests, and its far side.
func chats() (rows map[string]string, far map[string]http.Handler) {
	rows = map[string]string{
		"wecom":    `{type: wecom, url: "%s/send?key=k", language: zh, mention: {critical: [zhang]}}`,
		"dingtalk": `{type: dingtalk, url: "%s/robot/send?access_token=t", secret: SECs, language: both}`,
		"feishu":   `{type: feishu, url: "%s/open-apis/bot/v2/hook/t", secret: s, language: zh}`,
		"slack":    `{type: slack, url: "%s/services/T0/B0/t"}`,
		"teams":    `{type: teams, url: "%s/workflows/1?sig=s", language: both}`,
		"discord":  `{type: discord, url: "%s/api/v10/webhooks/1/t"}`,
		"telegram": `{type: telegram, url: "%s", token: "1:t", chat_id: "-100", language: both}`,
	}
	far = map[string]http.Handler{
		"wecom": sink.NewWeCom("k", nil), "dingtalk": sink.NewDingTalk(sink.Robot{Token: "t", Secret: "SECs", Keyword: "prowatch"}, nil),
		"feishu": sink.NewFeishu(sink.Robot{Token: "t", Secret: "s", Keyword: "prowatch"}, nil),
		"slack":  sink.NewSlack("/services/T0/B0/t", nil), "teams": sink.NewTeams("s", nil),
		"discord": sink.NewDiscord("1", "t", nil), "telegram": sink.NewTelegram("1:t", []string{"-100"}, nil),
	}
	return rows, far
}

var (
	critical    = regexp.MustCompile(`CRITICAL|严重`)
	leftOut     = regexp.MustCompile(`(?:\+|另有 )([0-9]+) (?:more, left out for size|条因篇幅未列出)`)
	someAccount = regexp.MustCompile(` · acme-[0-9]{4} · prowatch`)
)

// TestAThousandAccountsExpireAtOnce makes one message in each chat, within what
// the chat takes, which says how bad, how many, and accounts for every one. The
// chats come one after the other: all at once they would share the eight seconds
// of an attempt, which a busy machine has not got.
func TestAThousandAccountsExpireAtOnce(t *testing.T) {
	rows, far := chats()
	mail, addr := mailbox(t)
	rows["mail"] = `{type: email, smtp: "` + addr + `", tls: none, from: ops@example.com, to: [sec@example.com], language: both}`
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			w := newTown(t, 1000, map[string]string{name: row}, "", far)
			if name == "mail" {
				w.inbox[name] = mail
			}
			expireAtOnce(t, w, name, 1000)
		})
	}
}

func expireAtOnce(t *testing.T, w *town, channel string, accounts int) {
	t.Helper()
	end := w.now().Add(40 * 24 * time.Hour)
	w.says = func(string) watch.Edition { return ending(end) }
	w.run(t, 0)
	report := w.run(t, 38*24*time.Hour)
	if c := report.Counts(); c.Notices != accounts || c.Sent != accounts || c.Pending != 0 {
		t.Fatalf("%+v, deliveries %+v", c, report.Deliveries)
	}
	got := w.inbox[channel].Messages()
	if len(got) != 2 {
		t.Fatalf("%d messages of two runs", len(got))
	}
	checkDigest(t, channel, got[1].Text, accounts)
}

// checkDigest reads a digest as a person would.
func checkDigest(t *testing.T, name, text string, accounts int) {
	t.Helper()
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if !critical.MatchString(first) {
		t.Errorf("%s: it does not begin with the severity:\n%.600s", name, text)
	}
	if !strings.Contains(text, fmt.Sprint(accounts)+" notices") && !strings.Contains(text, fmt.Sprintf("共 %d 条通知", accounts)) {
		t.Errorf("%s: it does not say how many there are:\n%.600s", name, text)
	}
	shown := map[string]bool{}
	for _, a := range someAccount.FindAllString(text, -1) {
		shown[a] = true
	}
	rest := 0
	if m := leftOut.FindStringSubmatch(text); m != nil {
		rest, _ = strconv.Atoi(m[1])
	}
	if len(shown) < 1 || len(shown)+rest != accounts {
		t.Errorf("%s: %d shown and %d left out are not %d:\n%.3000s", name, len(shown), rest, accounts, text)
	}
	t.Logf("%s: %d bytes, %d shown, %d left out", name, len(text), len(shown), rest)
}
