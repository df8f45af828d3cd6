package awsclient

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// missing says which of the variables for credentials are not set.
type missing []string

func (m missing) Error() string {
	return fmt.Sprintf("no AWS credentials: %s is not set; profiles in ~/.aws are not read, but "+
		`eval "$(aws configure export-credentials --format env)" exports one`, strings.Join(m, " and "))
}

// retrieve implements [aws.CredentialsProviderFunc]. What it returns is not
// cached: a platform may change the environment between two invocations.
func (s *Session) retrieve(context.Context) (aws.Credentials, error) { return s.credentials() }

func (s *Session) credentials() (aws.Credentials, error) {
	c := aws.Credentials{
		AccessKeyID:     s.getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: s.getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    s.getenv("AWS_SESSION_TOKEN"),
		Source:          "environment",
	}
	var names missing
	if c.AccessKeyID == "" {
		names = append(names, "AWS_ACCESS_KEY_ID")
	}
	if c.SecretAccessKey == "" {
		names = append(names, "AWS_SECRET_ACCESS_KEY")
	}
	if names != nil {
		return aws.Credentials{}, names
	}
	return c, nil
}

// redact removes the secrets from a text. AWS answers a bad signature with the
// whole request it got, the session token included.
func (s *Session) redact(text string) string {
	for _, name := range []string{"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		if secret := s.getenv(name); secret != "" {
			text = strings.ReplaceAll(text, secret, "[redacted]")
		}
	}
	return text
}
