package feishu_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"prowatch/notify"
	"prowatch/notify/feishu"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/watch"
)

func TestGolden(t *testing.T) {
	for language, file := range map[string]string{"en": "card.txt", "zh": "card.zh.txt", "both": "card.both.txt"} {
		s, n := serve(t, sink.Robot{Secret: secret, Keyword: "prowatch"}, &sink.Options{Rate: -1}, func(c *feishu.Config) {
			c.Language = language
			c.Mention = notify.Mention{watch.Critical: {"@all"}}
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

// TestGoldenCard shows the card itself, as the bot gets it.
func TestGoldenCard(t *testing.T) {
	s, n := serve(t, sink.Robot{}, nil, func(c *feishu.Config) {
		c.Mention = notify.Mention{watch.Critical: {"ou_84aad35d084aa403a838cf73ee18467"}}
	}, notify.Deps{Now: func() time.Time { return time.Unix(1700000000, 0) }})
	n.Send(t.Context(), notifytest.Find("expiry-3d"))
	var card bytes.Buffer
	if err := json.Indent(&card, s.Messages()[0].Body, "", "  "); err != nil {
		t.Fatal(err)
	}
	notifytest.Golden(t, "card.json", card.String()+"\n")
}
