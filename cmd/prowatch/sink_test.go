package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"prowatch/app"
)

// TestEachChatOfTheSinkTakesATestMessage configures every chat as the verb's
// output says, and reads the messages on its page.
func TestEachChatOfTheSinkTakesATestMessage(t *testing.T) {
	vendors := sinkVendors()
	mail, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	vendor, server := mailServer(mail.Addr().String())
	go server.Serve(mail)
	defer server.Close()
	vendors = append(vendors, vendor)
	srv := httptest.NewServer(sinkHandler(vendors))
	defer srv.Close()
	var b strings.Builder
	b.WriteString("accounts: [{id: acme, secret_id: AKIDx, secret_key: y}]\nchannels:\n")
	for _, v := range vendors {
		b.WriteString("  " + v.Name + ": " + strings.ReplaceAll(v.Config, "%s", srv.URL) + "\n")
	}
	a, err := app.New(t.Context(), app.Options{
		LookupEnv: func(name string) (string, bool) { return b.String(), name == "PROWATCH_CONFIG" },
		ReadFile:  readFile, Stores: stores, State: "file:" + t.TempDir(),
	})
	if err != nil {
		t.Fatal(err)
	}
	entry, err := a.Runner.Trial(t.Context(), a.Runner.ChannelNames()...)
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range entry.Receipts {
		if r.State != "sent" && r.State != "accepted" {
			t.Errorf("%s: %s %s %s", name, r.State, r.Code, r.Text)
		}
	}
	req, err := http.NewRequest(http.MethodPut, srv.URL+"/wecom/fail", strings.NewReader(`{"Status":99}`))
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := http.DefaultClient.Do(req); err != nil || resp.StatusCode != http.StatusBadRequest {
		t.Errorf("a fault with a status that is none: %+v, %v, want 400", resp, err)
	}
	page := get(t, srv.URL+"/")
	for _, v := range vendors {
		if !strings.Contains(page, "<b>"+v.Name+"</b>") {
			t.Errorf("the page shows no message of %s", v.Name)
		}
	}
}

func TestThePageShowsNoMarkupOfTheMessagesOwn(t *testing.T) {
	for in, want := range map[string]string{
		`<script>alert(1)</script>`:                 "&lt;script&gt;",
		`[x](javascript:alert(1))`:                  "[x](javascript:alert(1))",
		`<a href="https://x" onclick="y">z</a>`:     "&lt;a href",
		`<font color="info">good</font>`:            `<span class="info">good</span>`,
		`[renew](https://console.tencentcloud.com)`: `<a href="https://console.tencentcloud.com">renew</a>`,
	} {
		if got := string(markup(in)); !strings.Contains(got, want) {
			t.Errorf("%s is shown as %s, want %s", in, got, want)
		}
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
