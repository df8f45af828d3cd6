package credentials

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"prowatch/tcss"
)

// MetadataURL is where a Cloud Virtual Machine asks for the key of its role,
// https://cloud.tencent.com/document/product/213/4934.
const MetadataURL = "http://metadata.tencentyun.com/latest/meta-data/cam/security-credentials/"

const (
	metadataTime = 2 * time.Second // it answers within milliseconds, or there is none
	maxMetadata  = 64 << 10        // bytes; an answer has about 500
)

// Metadata returns a source of the key of the machine's role. Requests go
// through client, which must use no proxy, to url, which is [MetadataURL].
func Metadata(client *http.Client, url string) *Leased {
	m := &metadata{client, url}
	return NewLeased(m.lease)
}

type metadata struct {
	client *http.Client
	url    string
}

func (m *metadata) lease(ctx context.Context) (tcss.Lease, error) {
	role, err := m.get(ctx, "")
	if err != nil {
		return tcss.Lease{}, err
	}
	name, _, _ := strings.Cut(strings.TrimSpace(string(role)), "\n")
	data, err := m.get(ctx, name)
	if err != nil {
		return tcss.Lease{}, err
	}
	var answer struct {
		TmpSecretId, TmpSecretKey, Token, Code string
		ExpiredTime                            int64
	}
	if json.Unmarshal(data, &answer) != nil || answer.Code != "Success" || answer.TmpSecretId == "" || answer.ExpiredTime == 0 {
		return tcss.Lease{}, unavailable("the metadata service gives no key for the machine's role %.64q: look at the role in the console", name)
	}
	return tcss.Lease{
		Credentials: tcss.Credentials{SecretID: answer.TmpSecretId, SecretKey: answer.TmpSecretKey, Token: answer.Token},
		Ends:        time.Unix(answer.ExpiredTime, 0),
	}, nil
}

// errNoRole says that the machine has no role.
var errNoRole = errors.New("no role is bound to this machine: bind one in the console, which prowatch config policy prints the policy for")

func (m *metadata) get(ctx context.Context, name string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, metadataTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.url+name, nil)
	if err != nil {
		return nil, unavailable("the metadata service names a role that is none: %.64q", name)
	}
	resp, err := m.client.Do(req)
	if err != nil {
		return nil, unavailable("the metadata service at %s cannot be reached: credentials: role is for a machine or function of Tencent Cloud that has a role; elsewhere give a key, or credentials: file", req.URL.Host)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxMetadata))
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return nil, denied("%s", errNoRole)
	case err != nil || resp.StatusCode != http.StatusOK || len(data) == 0:
		return nil, unavailable("%s", fmt.Sprintf("the metadata service at %s answers HTTP %d", req.URL.Host, resp.StatusCode))
	}
	return data, nil
}
