package conformance

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"prowatch/emulator"
)

const arn = "qcs::cam::uin/100000000001:roleName/prowatch"

// hard are parameters with everything in them that quoting can get wrong.
const hard = `{"RoleArn": "` + arn + `", "RoleSessionName": "a+b=c,d", "DurationSeconds": 900,
	"ExternalId": "x:/=", "Tags": [{"Key": "it's \"$HOME\" \\ %41", "Value": "ü & <b>\n` + "`id`" + `"}]}`

// forms are the tools that run the code of the explorer, by its form.
var forms = []struct {
	name, tool, file string
	args             []string
}{
	{"go", "go", "main.go", []string{"run"}},
	{"node", "node", "main.js", nil},
	{"python", "python3", "main.py", nil},
	{"curl", "sh", "main.sh", nil},
}

// copied is the code of a form as the explorer's page has it.
func copied(t *testing.T, page, form string) string {
	t.Helper()
	m := regexp.MustCompile(`(?s)id="code-` + form + `".*?<code>(.*?)</code>`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("the page has no code for %s:\n%s", form, page)
	}
	return html.UnescapeString(m[1])
}

func explorer(t *testing.T, base string, q url.Values) string {
	t.Helper()
	rsp, err := http.Get(base + "/_emulator/explorer?" + q.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer rsp.Body.Close()
	b, err := io.ReadAll(rsp.Body)
	if err != nil || rsp.StatusCode != http.StatusOK {
		t.Fatalf("explorer: %s, %v\n%s", rsp.Status, err, b)
	}
	return string(b)
}

// run writes code into a file and runs it with these credentials.
func run(t *testing.T, tool, file string, args []string, code string, env []string) (string, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), file)
	if err := os.WriteFile(name, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	modules, err := filepath.Abs("node_modules")
	if err != nil {
		t.Fatal(err)
	}
	c := command(t, append(env, "NODE_PATH="+modules), tool, append(args, name)...)
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	return string(out) + errs.String(), err
}

// response is the Response object that a form printed, in or out of its
// envelope.
func response(t *testing.T, out string) map[string]any {
	t.Helper()
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("printed %q: %v", out, err)
	}
	if inner, ok := got["Response"].(map[string]any); ok {
		return inner
	}
	return got
}

func TestTheCopiedCodeRuns(t *testing.T) {
	e, c := emulator.Start(t, &emulator.Options{
		Accounts: map[string]string{"AKIDown": "own $key' \"x", "AKIDtmp": "tmp-key"},
		Tokens:   map[string]string{"AKIDtmp": "tok+en/=&"},
		Roles:    map[string]emulator.Role{arn: {Account: "AKIDown", ExternalID: "x:/="}},
		Rate:     -1,
	})
	own := []string{"TENCENTCLOUD_SECRET_ID=AKIDown", "TENCENTCLOUD_SECRET_KEY=own $key' \"x"}
	temporary := []string{"TENCENTCLOUD_SECRET_ID=AKIDtmp", "TENCENTCLOUD_SECRET_KEY=tmp-key", "TENCENTCLOUD_TOKEN=tok+en/=&"}
	for _, f := range forms {
		t.Run(f.name, func(t *testing.T) {
			need(t, f.tool)
			if f.name == "node" {
				needModules(t)
			}
			if f.name == "curl" {
				need(t, "curl")
				need(t, "openssl")
			}
			each(func(sign, method string) {
				what := f.name + ", " + sign + ", " + method
				page := explorer(t, c.URL, url.Values{"action": {"AssumeRole"}, "account": {"AKIDown"}, "parameters": {hard}, "region": {"ap-singapore"}, "sign": {sign}, "method": {method}})
				out, err := run(t, f.tool, f.file, f.args, copied(t, page, f.name), own)
				if err != nil {
					t.Fatalf("%s: %v\n%s", what, err, out)
				}
				if cred, ok := response(t, out)["Credentials"].(map[string]any); !ok || cred["Token"] == "" {
					t.Errorf("%s: %s, want credentials", what, out)
				}
			})
			page := explorer(t, c.URL, url.Values{"account": {"AKIDtmp"}})
			out, err := run(t, f.tool, f.file, f.args, copied(t, page, f.name), temporary)
			if err != nil || response(t, out)["BuyStatus"] != "Normal" {
				t.Errorf("with a token: %v\n%s", err, out)
			}
			out, _ = run(t, f.tool, f.file, f.args, copied(t, page, f.name), append(temporary, "TENCENTCLOUD_SECRET_KEY=wrong"))
			if !strings.Contains(out, "AuthFailure.SignatureFailure") {
				t.Errorf("with a wrong key: %s, want AuthFailure.SignatureFailure", out)
			}
		})
	}
	for _, x := range e.Requests() {
		if x.Request.Action == "AssumeRole" && !strings.Contains(x.Request.Body+x.Request.Target, "Tags") {
			t.Errorf("sent without its tags: %+v", x.Request)
		}
	}
}

func TestThePageShowsKeysOnlyWhenAsked(t *testing.T) {
	_, c := emulator.Start(t, &emulator.Options{
		Accounts: map[string]string{"AKIDtmp": "a-secret-key"}, Tokens: map[string]string{"AKIDtmp": "a-secret-token"},
	})
	each(func(sign, method string) {
		q := url.Values{"sign": {sign}, "method": {method}}
		if page := html.UnescapeString(explorer(t, c.URL, q)); strings.Contains(page, "a-secret") {
			t.Errorf("%s %s: the page holds a secret", sign, method)
		}
		q.Set("reveal", "yes")
		if page := html.UnescapeString(explorer(t, c.URL, q)); !strings.Contains(page, "TENCENTCLOUD_SECRET_KEY='a-secret-key' TENCENTCLOUD_TOKEN='a-secret-token'") {
			t.Errorf("%s %s: the page does not show what was asked for", sign, method)
		}
	})
}
