package credentials

import (
	"context"
	"strings"

	"prowatch/tcss"
)

// fileVariable names another file than ~/.tencentcloud/credentials, as the
// vendor's own SDKs have it.
const fileVariable = "TENCENTCLOUD_CREDENTIALS_FILE"

// File returns a source that reads a section, "" for default, of Tencent's
// credentials file. A token in it is taken, too, though the vendor's SDK for Go
// reads none.
func File(m Machine, section string) func(context.Context) (tcss.Credentials, error) {
	if section == "" {
		section = "default"
	}
	return func(context.Context) (tcss.Credentials, error) {
		path := m.getenv(fileVariable)
		if path == "" {
			var err error
			if path, err = m.home(".tencentcloud", "credentials"); err != nil {
				return tcss.Credentials{}, err
			}
		}
		data, err := m.read(path, "write it with a section ["+section+"] of secret_id and secret_key, or name another file in "+fileVariable)
		if err != nil {
			return tcss.Credentials{}, err
		}
		return fromINI(path, section, string(data))
	}
}

// fromINI takes the key out of a section. A section that stands twice counts
// once, and of a key that stands twice the last.
func fromINI(path, section, text string) (tcss.Credentials, error) {
	values := map[string]string{}
	var in string
	found := false
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok {
			name, _, _ = strings.Cut(name, "]")
			in = strings.TrimSpace(name)
			found = found || in == section
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if ok && in == section && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, ";") {
			values[strings.ToLower(strings.TrimSpace(key))] = strings.TrimSpace(value)
		}
	}
	c := tcss.Credentials{SecretID: values["secret_id"], SecretKey: values["secret_key"], Token: values["token"]}
	switch {
	case !found:
		return c, denied("the file %s has no section [%s]: add it, or name another as in credentials: file:SECTION", path, section)
	case c.SecretID == "":
		return c, denied("the section [%s] of %s has no secret_id: add it", section, path)
	case c.SecretKey == "":
		return c, denied("the section [%s] of %s has no secret_key: add it", section, path)
	}
	return c, nil
}
