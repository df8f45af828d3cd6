package slack_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/watch"
)

func TestGolden(t *testing.T) {
	s, n := serve(t, notify.Mention{watch.Critical: {"@here", "U024BE7LH"}},
		notify.Deps{Zone: time.FixedZone("CST", 8*60*60), Page: "https://prowatch.example.com/"})
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
	notifytest.Golden(t, "blocks.txt", all.String())
}

// TestGoldenRequest shows the request itself, as Slack gets it.
func TestGoldenRequest(t *testing.T) {
	s, n := serve(t, notify.Mention{watch.Critical: {"U024BE7LH"}}, notify.Deps{})
	n.Send(t.Context(), notifytest.Find("expiry-3d"))
	body := s.Messages()[0].Body
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, body, "", "  "); err != nil {
		t.Fatal(err)
	}
	notifytest.Golden(t, "blocks.json", pretty.String()+"\n")
}
