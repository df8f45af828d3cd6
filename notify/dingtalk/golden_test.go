package dingtalk_test

import (
	"strings"
	"testing"
	"time"

	"prowatch/notify"
	"prowatch/notify/dingtalk"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/watch"
)

func TestGolden(t *testing.T) {
	for language, file := range map[string]string{"en": "markdown.txt", "zh": "markdown.zh.txt", "both": "markdown.both.txt"} {
		s, n := serve(t, sink.Robot{Secret: secret, Keyword: "prowatch"}, &sink.Options{Rate: -1}, func(c *dingtalk.Config) {
			c.Language = language
			c.Mention = notify.Mention{watch.Critical: {"13800001111"}}
		}, notify.Deps{Zone: time.FixedZone("CST", 8*60*60), Page: "https://prowatch.example.com/"})
		cases := append(notifytest.Cases(),
			notifytest.Case{Name: "digest-3", Message: notifytest.Digest(3)},
			notifytest.Case{Name: "digest-40", Message: notifytest.Digest(40)})
		var all strings.Builder
		for i, c := range cases {
			if out := n.Send(t.Context(), c.Message); out.Result != watch.Sent {
				t.Fatalf("%s: %+v, want sent", c.Name, out)
			}
			all.WriteString("--- " + c.Name + "\n" + s.Messages()[i].Text + "\n\n")
		}
		notifytest.Golden(t, file, all.String())
	}
}
