package teams_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/watch"
)

// cases are the messages of the golden file.
func cases() []notifytest.Case {
	return append(notifytest.Cases(),
		notifytest.Case{Name: "digest-3", Message: notifytest.Digest(3)},
		notifytest.Case{Name: "digest-40", Message: notifytest.Digest(40)})
}

// posted sends the messages and returns what Teams posted.
func posted(t *testing.T, cases []notifytest.Case) []sink.Message {
	t.Helper()
	s, n := serve(t, notify.Mention{watch.Critical: {"Zhang San <zhang@example.com>"}},
		notify.Deps{Zone: time.FixedZone("CST", 8*60*60), Page: "https://prowatch.example.com/"})
	for i, c := range cases {
		if out := n.Send(t.Context(), c.Message); out.Result != watch.Accepted || len(s.Messages()) != i+1 {
			t.Fatalf("%s: %+v and %d messages, want accepted and %d", c.Name, out, len(s.Messages()), i+1)
		}
	}
	return s.Messages()
}

func TestGolden(t *testing.T) {
	var all strings.Builder
	for i, m := range posted(t, cases()) {
		all.WriteString("--- " + cases()[i].Name + "\n" + m.Text + "\n\n")
	}
	notifytest.Golden(t, "cards.txt", all.String())
}

// TestGoldenRequest shows the request itself, as the flow gets it.
func TestGoldenRequest(t *testing.T) {
	body := posted(t, []notifytest.Case{{Message: notifytest.Find("expiry-3d")}})[0].Body
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, body, "", "  "); err != nil {
		t.Fatal(err)
	}
	notifytest.Golden(t, "card.json", pretty.String()+"\n")
}
