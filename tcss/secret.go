package tcss

import (
	"context"
	"encoding/base64"
	"encoding/json"

	"prowatch/watch"
)

// SecretValue returns a secret of Secrets Manager (SSM) in the region, "" for
// the site's first. Its error is a [*watch.Failure] and holds no secret.
//
// The version is the owner's own name, or SSM_Current of a secret that the
// cloud rotates, https://tencentcloud.com/document/product/1078/38649.
func SecretValue(ctx context.Context, o Options, region, name, version string) (string, error) {
	c, err := newClient(o, secrets)
	if err != nil {
		return "", err
	}
	if region != "" {
		c.region = region
	}
	response, f := c.call(ctx, "GetSecretValue", map[string]any{"SecretName": name, "VersionId": version})
	if f != nil {
		return "", f
	}
	var answer struct{ SecretString, SecretBinary, RequestId string }
	if json.Unmarshal(response, &answer) == nil && answer.SecretString != "" {
		return answer.SecretString, nil
	}
	if data, err := base64.StdEncoding.DecodeString(answer.SecretBinary); err == nil && len(data) > 0 {
		return string(data), nil
	}
	return "", &watch.Failure{Class: watch.Unreadable, Message: "the answer of GetSecretValue holds no value", RequestID: answer.RequestId}
}
