package bench

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	sdk "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/tcss/v20201101"

	"prowatch/app"
	"prowatch/emulator"
	"prowatch/tcss"
	"prowatch/watch"
)

// BenchmarkCheck measures one quiet check of one account against the emulator:
// the official SDK's bare call, our client's, and a whole run with its record
// in memory and in a file.
func BenchmarkCheck(b *testing.B) {
	e := emulator.New(&emulator.Options{Rate: -1})
	srv := httptest.NewServer(e)
	defer srv.Close()
	if err := e.SetEdition(emulator.DefaultSecretID, emulator.Edition{"EndTime": "2037-01-01 00:00:00"}); err != nil {
		b.Fatal(err)
	}
	b.Run("sdk", func(b *testing.B) { benchSDK(b, srv.URL) })
	b.Run("client", func(b *testing.B) { benchClient(b, srv.URL) })
	b.Run("run/file", func(b *testing.B) { benchRun(b, srv.URL) })
}

func benchSDK(b *testing.B, url string) {
	p := profile.NewClientProfile()
	p.HttpProfile.Endpoint, p.HttpProfile.Scheme = strings.TrimPrefix(url, "http://"), "http"
	for b.Loop() {
		client, err := sdk.NewClient(common.NewCredential(emulator.DefaultSecretID, emulator.DefaultSecretKey), "", p)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := client.DescribeProVersionInfo(sdk.NewDescribeProVersionInfoRequest()); err != nil {
			b.Fatal(err)
		}
	}
}

func benchClient(b *testing.B, url string) {
	source := unlimited(b, url)
	for b.Loop() {
		if _, err := source.Read(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// benchRun runs an assembled app as the command line does.
func benchRun(b *testing.B, url string) {
	config := fmt.Sprintf("accounts: [{id: a, secret_id: %s, secret_key: %s, endpoint: %q}]\nchannels: {out: {type: stdout}}\nstate: file:%s\n",
		emulator.DefaultSecretID, emulator.DefaultSecretKey, url, b.TempDir())
	a, err := app.New(b.Context(), app.Options{
		LookupEnv: func(name string) (string, bool) { return config, name == "PROWATCH_CONFIG" },
		ReadFile:  os.ReadFile, Stores: app.Stores{"file": app.File}, Stdout: io.Discard,
	})
	if err != nil {
		b.Fatal(err)
	}
	for i := range a.Runner.Accounts {
		a.Runner.Accounts[i].Source = unlimited(b, url)
	}
	for b.Loop() {
		report, err := a.Run(b.Context(), nil)
		if err != nil || report.Counts().Checked != 1 {
			b.Fatalf("%+v, %v", report, err)
		}
	}
}

// unlimited reads through a new client each time, as the SDK's own benchmark
// does: one client is held to 18 requests a second of a credential.
func unlimited(b *testing.B, url string) watch.Source {
	b.Helper()
	return sourceFunc(func(ctx context.Context) (watch.Reading, error) {
		client, err := tcss.New(tcss.Options{Endpoint: url,
			Credentials: tcss.Static(tcss.Credentials{SecretID: emulator.DefaultSecretID, SecretKey: emulator.DefaultSecretKey})})
		if err != nil {
			return watch.Reading{}, err
		}
		return client.Read(ctx)
	})
}

type sourceFunc func(context.Context) (watch.Reading, error)

func (f sourceFunc) Read(ctx context.Context) (watch.Reading, error) { return f(ctx) }
