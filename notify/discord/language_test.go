package discord_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/watch"
)

// TestGoldenInOtherLanguages shows every message in Chinese, and in both.
func TestGoldenInOtherLanguages(t *testing.T) {
	for _, language := range []string{"zh", "both"} {
		s := sink.NewDiscord(hook, token, &sink.Options{Rate: -1})
		server := httptest.NewServer(s)
		defer server.Close()
		c := config(server.URL)
		c.Language = language
		n := open(t, c, notify.Deps{Zone: time.FixedZone("CST", 8*60*60), Page: "https://prowatch.example.com/"})
		cases := append(notifytest.Cases(), notifytest.Case{Name: "digest-3", Message: notifytest.Digest(3)})
		var all strings.Builder
		for i, c := range cases {
			if out := n.Send(t.Context(), c.Message); out.Result != watch.Sent {
				t.Fatalf("%s: %+v", c.Name, out)
			}
			all.WriteString("--- " + c.Name + "\n" + s.Messages()[i].Text + "\n\n")
		}
		notifytest.Golden(t, "embeds."+language+".txt", all.String())
	}
}
