package aws

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"prowatch/secrets"
	"prowatch/store/awsclient"
)

// Options are the settings of the resolvers.
type Options struct {
	// Getenv returns a variable of the environment. Without it there is none.
	Getenv func(name string) string

	// Client sends the requests. It defaults to http.DefaultClient.
	Client *http.Client
}

// A service is one of the two.
type service struct {
	name   string                              // in its host and in the signature
	env    string                              // in AWS_ENDPOINT_URL_<env>
	target string                              // the operation
	body   func(name string) map[string]any    // what is asked
	value  func(answer []byte) (string, error) // what is answered
	mends  map[string]string                   // by code
}

// Secret returns what resolves the scheme awssecret. Its errors hold no secret.
func Secret(o Options) func(ctx context.Context, ref string) (string, error) {
	return resolver(o, &service{
		name: "secretsmanager", env: "SECRETS_MANAGER", target: "secretsmanager.GetSecretValue",
		body:  func(name string) map[string]any { return map[string]any{"SecretId": name} },
		value: secretValue,
		mends: map[string]string{
			"ResourceNotFoundException": "check the name and the region: ?region=eu-central-1 names another",
			"AccessDeniedException":     "allow secretsmanager:GetSecretValue on it, and kms:Decrypt if it has a key of its own",
			"DecryptionFailure":         "allow kms:Decrypt on the key of the secret",
			"InvalidRequestException":   "the secret is about to be deleted, or has no value yet",
		},
	})
}

// Parameter returns what resolves the scheme awsssm. Its errors hold no secret.
func Parameter(o Options) func(ctx context.Context, ref string) (string, error) {
	return resolver(o, &service{
		name: "ssm", env: "SSM", target: "AmazonSSM.GetParameter",
		body:  func(name string) map[string]any { return map[string]any{"Name": name, "WithDecryption": true} },
		value: parameterValue,
		mends: map[string]string{
			"ParameterNotFound":     "check the name, which has its path, and the region: ?region=eu-central-1 names another",
			"AccessDeniedException": "allow ssm:GetParameter on it, and kms:Decrypt if it has a key of its own",
			"InvalidKeyId":          "allow kms:Decrypt on the key of the parameter, which may be disabled",
		},
	})
}

func resolver(o Options, s *service) func(context.Context, string) (string, error) {
	memory := new(secrets.Memory)
	return func(ctx context.Context, ref string) (string, error) {
		r, err := secrets.Parse(ref, "endpoint", "region")
		if err != nil {
			return "", err
		}
		key := r.Name + "?" + r.Params.Encode()
		value, err := memory.Get(ctx, key, func(ctx context.Context) (string, error) { return s.ask(ctx, o, r) })
		if err != nil {
			return "", err
		}
		return r.Pick(value)
	}
}

// ask asks for the secret, and says what is wrong in plain words.
func (s *service) ask(ctx context.Context, o Options, r secrets.Reference) (string, error) {
	session, err := awsclient.Open(s.env, r.Params, awsclient.Options{Getenv: o.Getenv})
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(s.body(r.Name))
	if err != nil {
		return "", err
	}
	answer, err := s.call(ctx, session, o.Client, body)
	if err != nil {
		return "", session.Explain(ctx, err, func(code, _ string) string { return s.mends[code] })
	}
	value, err := s.value(answer)
	if err != nil {
		return "", fmt.Errorf("the answer of %s: %w", s.name, err)
	}
	return value, nil
}

var errNoValue = errors.New("it holds no value")

func secretValue(answer []byte) (string, error) {
	var a struct{ SecretString, SecretBinary string }
	if json.Unmarshal(answer, &a) == nil && a.SecretString != "" {
		return a.SecretString, nil
	}
	if data, err := base64.StdEncoding.DecodeString(a.SecretBinary); err == nil && len(data) > 0 {
		return string(data), nil
	}
	return "", errNoValue
}

func parameterValue(answer []byte) (string, error) {
	var a struct{ Parameter struct{ Value string } }
	if json.Unmarshal(answer, &a) != nil || a.Parameter.Value == "" {
		return "", errNoValue
	}
	return a.Parameter.Value, nil
}
