package config_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"prowatch/config"
)

// machine is one with the variables and files.
func machine(env, content map[string]string) config.Options {
	o := options()
	o.LookupEnv = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	o.Environ = func() []string {
		var entries []string
		for k, v := range env {
			entries = append(entries, k+"="+v)
		}
		return entries
	}
	o.ReadFile = files(content)
	return o
}

func TestFindTakesTheFirstThereIs(t *testing.T) {
	doc := account + channel
	all := map[string]string{"f.yaml": doc, "e.yaml": doc, "prowatch.yaml": doc, "/bin/prowatch.yaml": doc}
	env := map[string]string{"PROWATCH_CONFIG": "e.yaml", "PROWATCH_SECRET_ID": "i", "PROWATCH_SECRET_KEY": "k", "PROWATCH_CHANNEL_TYPE": "stdout"}
	without := func(m map[string]string, key string) map[string]string {
		out := map[string]string{}
		for k, v := range m {
			if k != key {
				out[k] = v
			}
		}
		return out
	}
	bare := without(env, "PROWATCH_CONFIG")
	for _, tt := range []struct {
		name, path string
		env, files map[string]string
		want       string
	}{
		{"the flag beats all", "f.yaml", env, all, "f.yaml"},
		{"then the variable's path", "", env, all, "e.yaml"},
		{"then the working folder", "", bare, all, "prowatch.yaml"},
		{"then beside the program", "", bare, without(all, "prowatch.yaml"), "/bin/prowatch.yaml"},
		{"then the environment", "", bare, nil, "the environment"},
		{"the variable can hold the YAML", "", map[string]string{"PROWATCH_CONFIG": doc}, all, "PROWATCH_CONFIG"},
		{"on one line too", "", map[string]string{"PROWATCH_CONFIG": "{accounts: [{id: a, secret_id: i, secret_key: k}], channels: {o: {type: stdout}}}"}, nil, "PROWATCH_CONFIG"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := config.Find(t.Context(), tt.path, []string{".", "/bin"}, machine(tt.env, tt.files))
			if err != nil {
				t.Fatal(err)
			}
			if s.Origin != tt.want {
				t.Errorf("got %s, want %s", s.Origin, tt.want)
			}
		})
	}
}

func TestFindSaysWhatIsMissing(t *testing.T) {
	none := map[string]string{}
	for _, tt := range []struct {
		name, path string
		env        map[string]string
		want       string
	}{
		{"nothing at all", "", none, config.ErrNothing.Error()},
		{"empty variables", "", map[string]string{"PROWATCH_SECRET_ID": ""}, config.ErrNothing.Error()},
		{"the file of the flag", "x.yaml", none, "reading the configuration that --config names, x.yaml: file does not exist"},
		{"the file of the variable", "", map[string]string{"PROWATCH_CONFIG": "x.yaml"}, "reading the configuration that PROWATCH_CONFIG names, x.yaml: file does not exist"},
		{"the YAML of the variable", "", map[string]string{"PROWATCH_CONFIG": "accounts: 5\n" + channel}, "PROWATCH_CONFIG:1:11: expected a list, found a whole number; put it in brackets"},
		{"a channel", "", map[string]string{"PROWATCH_SECRET_ID": "i", "PROWATCH_SECRET_KEY": "k"}, "PROWATCH_CHANNEL_TYPE: channel default has no type, so it tells nobody: set the type to one of dingtalk, stdout, telegram"},
		{"the key", "", map[string]string{"PROWATCH_SECRET_ID": "i", "PROWATCH_CHANNEL_TYPE": "stdout"}, "PROWATCH_SECRET_KEY: secret_key is empty: set it, or check what its reference stands for"},
		{"the channel's URL", "", map[string]string{"PROWATCH_SECRET_ID": "i", "PROWATCH_SECRET_KEY": "k", "PROWATCH_CHANNEL_TYPE": "dingtalk"}, "PROWATCH_CHANNEL_URL: url is empty: set it, or check what its reference stands for"},
		{"the channel's token", "", map[string]string{"PROWATCH_SECRET_ID": "i", "PROWATCH_SECRET_KEY": "k", "PROWATCH_CHANNEL_TYPE": "telegram", "PROWATCH_CHANNEL_CHAT_ID": "-1"}, "PROWATCH_CHANNEL_SECRET: token is empty: set it, or check what its reference stands for"},
		{"a known type", "", map[string]string{"PROWATCH_SECRET_ID": "i", "PROWATCH_SECRET_KEY": "k", "PROWATCH_CHANNEL_TYPE": "stdot"}, `PROWATCH_CHANNEL_TYPE: "stdot" is no type of channel; did you mean stdout?`},
		{"a use for the secret", "", map[string]string{"PROWATCH_SECRET_ID": "i", "PROWATCH_SECRET_KEY": "k", "PROWATCH_CHANNEL_TYPE": "stdout", "PROWATCH_CHANNEL_SECRET": secret}, "PROWATCH_CHANNEL_SECRET: a stdout channel has no secret: unset the variable"},
		{"a known site", "", map[string]string{"PROWATCH_SECRET_ID": "i", "PROWATCH_SECRET_KEY": "k", "PROWATCH_CHANNEL_TYPE": "stdout", "PROWATCH_SITE": "us"}, `PROWATCH_SITE: "us" is no site; write one of cn, intl`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := config.Find(t.Context(), tt.path, []string{"."}, machine(tt.env, nil))
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestNothingIsASentinelAndTeaches(t *testing.T) {
	_, err := config.Find(t.Context(), "", nil, config.Options{})
	if !errors.Is(err, config.ErrNothing) {
		t.Fatalf("got %v, want ErrNothing", err)
	}
	var doc strings.Builder
	for line := range strings.Lines(err.Error()) {
		if strings.HasPrefix(line, "  ") {
			doc.WriteString(strings.TrimPrefix(line, "  "))
		}
	}
	o := machine(map[string]string{"ACME_ID": "i", "ACME_KEY": "k"}, nil)
	if s, err := config.Load(t.Context(), "c.yaml", []byte(doc.String()), o); err != nil || s.State != "file:./state" {
		t.Errorf("the lines it names are no configuration: %v, %v", s, err)
	}
}

func TestAFileThatCannotBeReadIsNotPassedOver(t *testing.T) {
	o := machine(map[string]string{"PROWATCH_SECRET_ID": "i", "PROWATCH_SECRET_KEY": "k", "PROWATCH_CHANNEL_TYPE": "stdout"}, nil)
	o.ReadFile = func(path string) ([]byte, error) {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
	}
	_, err := config.Find(t.Context(), "", []string{"."}, o)
	if want := "reading prowatch.yaml: permission denied"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestTheEnvironmentAloneIsEnough(t *testing.T) {
	s, err := config.Find(t.Context(), "", []string{"."}, machine(map[string]string{
		"PROWATCH_SECRET_ID": "i", "PROWATCH_SECRET_KEY": "${env:REAL}", "PROWATCH_TOKEN": "t", "PROWATCH_SITE": "cn", "PROWATCH_ENDPOINT": "localhost:9900",
		"PROWATCH_CHANNEL_TYPE": "dingtalk", "PROWATCH_CHANNEL_URL": "https://d", "PROWATCH_CHANNEL_SECRET": "s", "PROWATCH_LANGUAGE": "zh",
		"PROWATCH_STATE": "file:/s", "PROWATCH_HTTP_TOKEN": "bearer", "REAL": secret,
	}, nil))
	if err != nil {
		t.Fatal(err)
	}
	a := s.Accounts[0]
	if a.ID != "default" || a.SecretID != "i" || a.SecretKey != secret || a.Token != "t" || a.Site != "cn" || a.Endpoint != "localhost:9900" {
		t.Errorf("got the account %q %q %q %q %q %q", a.ID, a.SecretID, a.SecretKey, a.Token, a.Site, a.Endpoint)
	}
	d, ok := s.Channels[0].Config.(*dingtalk)
	if !ok || s.Channels[0].Name != "default" || d.URL != "https://d" || d.Secret != "s" || d.Language != "zh" {
		t.Errorf("got the channel %v with %+v", s.Channels[0], d)
	}
	if s.State != "file:/s" || len(s.HTTP.Tokens) != 1 || s.HTTP.Tokens[0] != (config.Token{Token: "bearer", Scope: "operate"}) {
		t.Errorf("got state %q, %d tokens", s.State, len(s.HTTP.Tokens))
	}
	if len(s.Warnings) > 0 || !slices.Equal(s.Routes[0].Channels, []string{"default"}) {
		t.Errorf("got warnings %q, routes %v", s.Warnings, s.Routes)
	}
}

func TestTheEnvironmentCanSayWhereTheKeyComesFrom(t *testing.T) {
	s, err := config.Find(t.Context(), "", nil, machine(map[string]string{
		"PROWATCH_CREDENTIALS": "file:acme", "PROWATCH_ROLE_ARN": "qcs::cam::uin/1:roleName/r", "PROWATCH_EXTERNAL_ID": "ext-1", "PROWATCH_CHANNEL_TYPE": "stdout",
	}, nil))
	if err != nil {
		t.Fatal(err)
	}
	if a := s.Accounts[0]; a.Credentials != "file:acme" || a.RoleARN != "qcs::cam::uin/1:roleName/r" || a.ExternalID != "ext-1" || len(s.Warnings) > 0 {
		t.Errorf("got %q %q %q, warnings %q", a.Credentials, a.RoleARN, a.ExternalID, s.Warnings)
	}
}

func TestThePlatformsRoleNeedsNoKey(t *testing.T) {
	o := machine(map[string]string{"PROWATCH_CHANNEL_TYPE": "stdout"}, nil)
	o.AllowNoCredentials = true
	if s, err := config.Find(t.Context(), "", nil, o); err != nil || s.Accounts[0].SecretID != "" {
		t.Errorf("from the environment: got %v, %v", s, err)
	}
	if _, err := config.Load(t.Context(), "c.yaml", []byte(channel+"accounts: [{id: a}]"), o); err != nil {
		t.Errorf("from a file: %v", err)
	}
	_, err := config.Load(t.Context(), "c.yaml", []byte(channel+"accounts: [{id: a, secret_id: i}]"), o)
	if want := "c.yaml:2:12: an account lacks the key secret_key: add it"; err == nil || err.Error() != want {
		t.Errorf("half a key: got %v, want %s", err, want)
	}
}

func TestVariablesThatSetNothingAreWarnedOf(t *testing.T) {
	env := map[string]string{"PROWATCH_SECRET_ID": "i", "PROWATCH_SECRET_KEY": "k", "PROWATCH_CHANEL_URL": "u", "PROWATCH_CHANNEL_TYPE": "stdout", "PROWATCH_XYZ": "1"}
	s, err := config.Find(t.Context(), "", nil, machine(env, nil))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"PROWATCH_CHANEL_URL is no variable of prowatch and sets nothing; did you mean PROWATCH_CHANNEL_URL?",
		"PROWATCH_XYZ is no variable of prowatch and sets nothing",
	}
	if !slices.Equal(s.Warnings, want) {
		t.Errorf("got %q\nwant %q", s.Warnings, want)
	}

	env = map[string]string{"PROWATCH_SITE": "cn", "PROWATCH_SECRET_KEY": "k"}
	file := map[string]string{"prowatch.yaml": channel + "accounts: [{id: a, secret_id: i, secret_key: \"${env:PROWATCH_SECRET_KEY}\"}]"}
	s, err = config.Find(t.Context(), "", []string{"."}, machine(env, file))
	if err != nil {
		t.Fatal(err)
	}
	want = []string{"PROWATCH_SITE sets nothing, since prowatch.yaml is used: move it there, or unset it"}
	if !slices.Equal(s.Warnings, want) {
		t.Errorf("got %q\nwant %q", s.Warnings, want)
	}
}
