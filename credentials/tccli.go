package credentials

import (
	"context"
	"encoding/json"
	"time"

	"prowatch/tcss"
)

// TCCLI returns a source that reads a profile, "" for default, of the vendor's
// command line.
func TCCLI(m Machine, profile string) func(context.Context) (tcss.Credentials, error) {
	if profile == "" {
		profile = "default"
	}
	return func(context.Context) (tcss.Credentials, error) {
		path, err := m.home(".tccli", profile+".credential")
		if err != nil {
			return tcss.Credentials{}, err
		}
		mend := "run tccli configure --profile " + profile + ", or name another profile as in credentials: tccli:PROFILE"
		data, err := m.read(path, mend)
		if err != nil {
			return tcss.Credentials{}, err
		}
		return fromTCCLI(path, profile, data)
	}
}

func fromTCCLI(path, profile string, data []byte) (tcss.Credentials, error) {
	var file struct {
		SecretID  string      `json:"secretId"`
		SecretKey string      `json:"secretKey"`
		Token     string      `json:"token"`
		ExpiresAt json.Number `json:"expiresAt"` // Unix seconds, of tccli auth login
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return tcss.Credentials{}, denied("the file %s is no JSON as tccli writes it: run tccli configure --profile %s", path, profile)
	}
	c := tcss.Credentials{SecretID: file.SecretID, SecretKey: file.SecretKey, Token: file.Token}
	ends, _ := file.ExpiresAt.Int64()
	switch end := time.Unix(ends, 0); {
	case c.SecretID == "" || c.SecretKey == "":
		return c, denied("the file %s has no secretId or no secretKey: run tccli configure --profile %s", path, profile)
	case ends > 0 && end.Before(time.Now()):
		return c, denied("the key in %s expired at %s: run tccli auth login --profile %s", path, end.UTC().Format(time.RFC3339), profile)
	}
	return c, nil
}
