package credentials

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prowatch/tcss"
	"prowatch/watch"
)

const canary = "KeyCanary4f1d8b6a2c9e"

// machine has variables and files; a file whose text is "!" may not be read.
func machine(env, files map[string]string) Machine {
	return Machine{
		LookupEnv: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		ReadFile: func(path string) ([]byte, error) {
			text, ok := files[filepath.ToSlash(path)]
			switch {
			case !ok:
				return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
			case text == "!":
				return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
			case text == "/":
				return nil, &fs.PathError{Op: "read", Path: path, Err: errors.New("is a directory")}
			}
			return []byte(text), nil
		},
	}
}

// failure is err as it must be: of that class, with such a text, and without
// the canary.
func failure(t *testing.T, err error, class watch.Class, text string) {
	t.Helper()
	var f *watch.Failure
	if !errors.As(err, &f) {
		t.Fatalf("error: got %v (%T), want a *watch.Failure", err, err)
	}
	if f.Class != class || !strings.Contains(filepath.ToSlash(f.Message), text) || strings.Contains(f.Error(), canary) {
		t.Errorf("failure: got %v, want %s: …%s…", f, class, text)
	}
}

func TestAKeyFromTencentsFile(t *testing.T) {
	const file = "\ufeff# mine\r\n[default]\r\nsecret_id = AKIDdefault\r\nsecret_key=" + canary + "=\r\n\r\n; theirs\n[ prod ]\nSECRET_ID=AKIDprod\nsecret_key = " + canary + "\ntoken = t\n#secret_id=AKIDold\n[half]\nsecret_id=AKIDhalf\n[no-id]\nsecret_key=" + canary
	home := map[string]string{"HOME": "/home/ops"}
	for _, tt := range []struct {
		section    string
		env, files map[string]string
		want       tcss.Credentials
	}{
		{"", home, map[string]string{"/home/ops/.tencentcloud/credentials": file}, tcss.Credentials{SecretID: "AKIDdefault", SecretKey: canary + "="}},
		{"prod", home, map[string]string{"/home/ops/.tencentcloud/credentials": file}, tcss.Credentials{SecretID: "AKIDprod", SecretKey: canary, Token: "t"}},
		{"", map[string]string{"HOME": "/home/ops", fileVariable: "/etc/keys"}, map[string]string{"/etc/keys": file}, tcss.Credentials{SecretID: "AKIDdefault", SecretKey: canary + "="}},
		{"", map[string]string{"USERPROFILE": "/Users/ops"}, map[string]string{"/Users/ops/.tencentcloud/credentials": file}, tcss.Credentials{SecretID: "AKIDdefault", SecretKey: canary + "="}},
	} {
		got, err := File(machine(tt.env, tt.files), tt.section)(t.Context())
		if err != nil || got != tt.want {
			t.Errorf("[%s] of %v: got %v, %v", tt.section, tt.env, got, err)
		}
	}
	for _, tt := range []struct {
		name, section string
		env           map[string]string
		text, want    string
	}{
		{"no home", "", nil, file, "neither HOME nor USERPROFILE is set"},
		{"no file", "", map[string]string{"HOME": "/nowhere"}, file, "there is no file /nowhere/.tencentcloud/credentials: write it with a section [default] of secret_id and secret_key, or name another file in TENCENTCLOUD_CREDENTIALS_FILE"},
		{"a file of another", "", home, "!", "/home/ops/.tencentcloud/credentials may not be read by this user"},
		{"a folder", "", home, "/", "cannot be read: is a directory"},
		{"no section", "test", home, file, "has no section [test]: add it, or name another as in credentials: file:SECTION"},
		{"half a key", "half", home, file, "the section [half] of /home/ops/.tencentcloud/credentials has no secret_key"},
		{"the other half", "no-id", home, file, "has no secret_id"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := File(machine(tt.env, map[string]string{"/home/ops/.tencentcloud/credentials": tt.text}), tt.section)(t.Context())
			failure(t, err, watch.Denied, tt.want)
		})
	}
}

func TestAKeyFromTCCLI(t *testing.T) {
	home := map[string]string{"HOME": "/home/ops"}
	ask := func(profile, text string) (tcss.Credentials, error) {
		return TCCLI(machine(home, map[string]string{"/home/ops/.tccli/default.credential": text, "/home/ops/.tccli/prod.credential": text}), profile)(context.Background())
	}
	whole := fmt.Sprintf(`{"type":"oauth","secretId":"AKIDcli","secretKey":%q,"token":"t","expiresAt":%d}`, canary, time.Now().Add(time.Hour).Unix())
	for _, profile := range []string{"", "prod"} {
		if got, err := ask(profile, whole); err != nil || got != (tcss.Credentials{SecretID: "AKIDcli", SecretKey: canary, Token: "t"}) {
			t.Errorf("profile %q: %v, %v", profile, got, err)
		}
	}
	for _, tt := range []struct{ name, profile, text, want string }{
		{"no profile", "test", whole, "there is no file /home/ops/.tccli/test.credential: run tccli configure --profile test"},
		{"another's", "", "!", "may not be read by this user"},
		{"no JSON", "", "secretKey = " + canary, "is no JSON as tccli writes it"},
		{"half a key", "", `{"secretKey":"` + canary + `"}`, "has no secretId or no secretKey"},
		{"a login that ran out", "prod", `{"secretId":"AKIDcli","secretKey":"` + canary + `","token":"t","expiresAt":1700000000}`, "the key in /home/ops/.tccli/prod.credential expired at 2023-11-14T22:13:20Z: run tccli auth login --profile prod"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ask(tt.profile, tt.text)
			failure(t, err, watch.Denied, tt.want)
		})
	}
}

func TestAKeyOfTheMachinesRole(t *testing.T) {
	ends := time.Now().Add(time.Hour).Truncate(time.Second)
	role, key := "watcher", fmt.Sprintf(`{"TmpSecretId":"AKIDcvm","TmpSecretKey":%q,"ExpiredTime":%d,"Token":"t","Code":"Success"}`, canary, ends.Unix())
	status := http.StatusOK
	asked := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.WriteHeader(status)
		switch r.URL.Path {
		case "/cam/":
			io.WriteString(w, role)
		case "/cam/watcher":
			io.WriteString(w, key)
		}
	}))
	defer srv.Close()
	l := Metadata(srv.Client(), srv.URL+"/cam/")
	for range 3 {
		got, err := l.Credentials(t.Context())
		if err != nil || got != (tcss.Credentials{SecretID: "AKIDcvm", SecretKey: canary, Token: "t"}) {
			t.Errorf("got %v, %v", got, err)
		}
	}
	if asked != 2 || !l.lease.Ends.Equal(ends) {
		t.Errorf("asked %d times, until %s; want 2, %s", asked, l.lease.Ends, ends)
	}
	for _, tt := range []struct {
		name   string
		status int
		key    string
		class  watch.Class
		want   string
	}{
		{"no role", 404, key, watch.Denied, "no role is bound to this machine"},
		{"a fault", 500, key, watch.Unavailable, "answers HTTP 500"},
		{"a refusal", 200, `{"Code":"Failed","TmpSecretKey":"` + canary + `"}`, watch.Unavailable, `no key for the machine's role "watcher"`},
		{"no JSON", 200, canary, watch.Unavailable, `no key for the machine's role "watcher"`},
	} {
		status, key = tt.status, tt.key
		_, err := Metadata(srv.Client(), srv.URL+"/cam/").Credentials(t.Context())
		failure(t, err, tt.class, tt.want)
	}
	srv.Close()
	_, err := Metadata(http.DefaultClient, srv.URL+"/cam/").Credentials(t.Context())
	failure(t, err, watch.Unavailable, "cannot be reached: credentials: role is for a machine or function of Tencent Cloud")
}

func TestAKeyOfAPodsRole(t *testing.T) {
	env := map[string]string{tkeRegion: "ap-hongkong", tkeProvider: "cls-1", tkeToken: "/var/run/token", tkeRole: "qcs::cam::uin/1:roleName/pod"}
	var bodies []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(body))
		fmt.Fprintf(w, `{"Response":{"Credentials":{"Token":"t","TmpSecretId":"AKIDpod","TmpSecretKey":%q},"ExpiredTime":%d,"RequestId":"r"}}`, canary, time.Now().Add(time.Hour).Unix())
	}))
	defer srv.Close()
	sts, err := tcss.NewSTS(tcss.Options{Credentials: tcss.Static(tcss.Credentials{}), Endpoint: srv.URL})
	if err != nil {
		t.Fatal(err)
	}
	got, err := TKE(machine(env, map[string]string{"/var/run/token": "signed.token\n"}), sts, "prowatch-tke").Credentials(t.Context())
	if err != nil || got != (tcss.Credentials{SecretID: "AKIDpod", SecretKey: canary, Token: "t"}) || len(bodies) != 1 || !strings.Contains(bodies[0], `"WebIdentityToken":"signed.token"`) {
		t.Errorf("got %v, %v for %q", got, err, bodies)
	}
	for _, tt := range []struct {
		name  string
		unset []string
		token string
		want  string
	}{
		{"no pod of a cluster", []string{tkeRegion, tkeProvider, tkeToken, tkeRole}, "x", "TKE_REGION and TKE_PROVIDER_ID and TKE_WEB_IDENTITY_TOKEN_FILE and TKE_ROLE_ARN is not set"},
		{"no role", []string{tkeRole}, "x", "TKE_ROLE_ARN is not set"},
		{"a token of root", nil, "!", "/var/run/token may not be read"},
		{"an empty token", nil, " \n", "the token in /var/run/token is empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			less := map[string]string{}
			for name, value := range env {
				less[name] = value
			}
			for _, name := range tt.unset {
				delete(less, name)
			}
			_, err := TKE(machine(less, map[string]string{"/var/run/token": tt.token}), sts, "prowatch-tke").Credentials(t.Context())
			failure(t, err, watch.Denied, tt.want)
		})
	}
}
