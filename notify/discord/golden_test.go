package discord_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/watch"
)

// refusedEmbeds is how Discord refuses embeds that are too long.
var refusedEmbeds = sink.DiscordFault(400, 50035, "Invalid Form Body")

// listen starts a server that notes where it was asked, and returns its URL.
func listen(t *testing.T, asked *string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		*asked = r.URL.RequestURI()
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// cases are the messages of the golden file.
func cases() []notifytest.Case {
	return append(notifytest.Cases(),
		notifytest.Case{Name: "digest-3", Message: notifytest.Digest(3)},
		notifytest.Case{Name: "digest-40", Message: notifytest.Digest(40)})
}

// sent sends the messages and returns what Discord took.
func sent(t *testing.T, cases []notifytest.Case) []sink.Message {
	t.Helper()
	s, n := serve(t, notify.Mention{watch.Critical: {"&" + role, user}},
		notify.Deps{Zone: time.FixedZone("CST", 8*60*60), Page: "https://prowatch.example.com/"})
	for _, c := range cases {
		if out := n.Send(t.Context(), c.Message); out.Result != watch.Sent {
			t.Fatalf("%s: %+v, want sent", c.Name, out)
		}
	}
	return s.Messages()
}

func TestGolden(t *testing.T) {
	var all strings.Builder
	for i, m := range sent(t, cases()) {
		all.WriteString("--- " + cases()[i].Name + "\n" + m.Text + "\n\n")
	}
	notifytest.Golden(t, "embeds.txt", all.String())
}

// TestGoldenRequest shows the request itself, as Discord gets it.
func TestGoldenRequest(t *testing.T) {
	body := sent(t, []notifytest.Case{{Message: notifytest.Find("expiry-3d")}})[0].Body
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, body, "", "  "); err != nil {
		t.Fatal(err)
	}
	notifytest.Golden(t, "embeds.json", pretty.String()+"\n")
}
