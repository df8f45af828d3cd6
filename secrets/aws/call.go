package aws

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"

	"prowatch/store/awsclient"
)

const (
	attempts  = 3
	firstWait = 200 * time.Millisecond // doubles
	oneTry    = 5 * time.Second        // of one attempt; AWS answers within a second
	maxAnswer = 256 << 10              // bytes; a secret has 64 KB at the most
)

// call asks, again where the service is busy or its answer breaks off. What the
// service refuses is a [smithy.APIError].
func (s *service) call(ctx context.Context, session *awsclient.Session, client *http.Client, body []byte) (answer []byte, err error) {
	if client == nil {
		client = http.DefaultClient
	}
	wait := firstWait
	for n := range attempts {
		var again bool
		answer, again, err = s.attempt(ctx, session, client, body)
		if !again || n == attempts-1 {
			break
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, err
		}
		wait *= 2
	}
	return answer, err
}

// attempt asks once, and reports whether to ask again.
func (s *service) attempt(ctx context.Context, session *awsclient.Session, client *http.Client, body []byte) (answer []byte, again bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, oneTry)
	defer cancel()
	req, err := s.request(ctx, session, body)
	if err != nil {
		return nil, false, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, true, err
	}
	defer resp.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, true, fmt.Errorf("%s broke its answer off", req.URL.Host)
	}
	if resp.StatusCode == http.StatusOK {
		return answer, false, nil
	}
	refusal := refusalOf(answer, resp.StatusCode)
	busy := resp.StatusCode >= http.StatusInternalServerError || strings.Contains(refusal.ErrorCode(), "Throttling") || strings.Contains(refusal.ErrorCode(), "TooManyRequests")
	return nil, busy, refusal
}

// request makes a signed request.
func (s *service) request(ctx context.Context, session *awsclient.Session, body []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url(session), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", s.target)
	credentials, err := session.Config.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	return req, v4.NewSigner().SignHTTP(ctx, credentials, req, hex.EncodeToString(sum[:]), s.name, session.Config.Region, time.Now())
}

func (s *service) url(session *awsclient.Session) string {
	if e := session.Config.BaseEndpoint; e != nil {
		return strings.TrimSuffix(*e, "/") + "/"
	}
	domain := ".amazonaws.com"
	if strings.HasPrefix(session.Config.Region, "cn-") {
		domain += ".cn"
	}
	return "https://" + s.name + "." + session.Config.Region + domain + "/"
}

// refusalOf reads an error of the JSON protocol; a page of something on the way
// has no code but its status.
func refusalOf(answer []byte, status int) smithy.APIError {
	var a struct {
		Type     string `json:"__type"`
		Message  string `json:"message"`
		Message2 string `json:"Message"`
	}
	if json.Unmarshal(answer, &a) != nil || a.Type == "" {
		return &smithy.GenericAPIError{Code: fmt.Sprintf("HTTP %d", status), Message: "no answer of AWS"}
	}
	code := a.Type[strings.LastIndex(a.Type, "#")+1:]
	if a.Message == "" {
		a.Message = a.Message2
	}
	return &smithy.GenericAPIError{Code: code, Message: a.Message}
}
