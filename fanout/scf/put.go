package scf

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	sdkerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"

	"prowatch/watch"
)

// maxAccounts ids of 64 bytes, with quotes that are escaped once more, fit the
// 128 KB that an asynchronous invocation takes
// (https://www.tencentcloud.com/document/product/583/11637).
const maxAccounts = 1500

const (
	// attemptTime bounds one attempt.
	attemptTime = 10 * time.Second

	// attempts is how often an invocation is tried that was refused for now or
	// got no answer; twice invoked it does no harm.
	attempts  = 4
	firstWait = 200 * time.Millisecond
)

// Limits implements [watch.Queue]. SCF delays no invocation.
func (q *Queue) Limits() watch.QueueLimits {
	return watch.QueueLimits{Calls: 1, Accounts: maxAccounts}
}

// Put implements [watch.Queue].
func (q *Queue) Put(ctx context.Context, calls []watch.Call) []error {
	faults := make([]error, len(calls))
	for i := range calls {
		faults[i] = q.invoke(ctx, calls[i].Body)
	}
	return faults
}

// invoke invokes the function, again where that may help.
func (q *Queue) invoke(ctx context.Context, event []byte) error {
	var last error
	for try := range attempts {
		if try > 0 && !wait(ctx, firstWait<<try) {
			break
		}
		again, err := q.attempt(ctx, event)
		if err == nil {
			return nil
		}
		if last = fmt.Errorf("fanout.queue scf:%s in %s: %w", q.function.Name, q.function.Region, err); !again {
			break
		}
	}
	return last
}

// attempt invokes the function once, and reports whether to try again. Its error
// holds no secret.
func (q *Queue) attempt(ctx context.Context, event []byte) (again bool, err error) {
	cred, err := q.opts.Credentials(ctx)
	if err != nil {
		return false, fmt.Errorf("getting the credentials: %w", err)
	}
	if cred.SecretID == "" || cred.SecretKey == "" {
		return false, errors.New("there are no credentials to invoke it with: give the function an execution role that may call scf:InvokeFunction")
	}
	ctx, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	body, err := q.send(ctx, event, cred)
	if err == nil {
		return accepted(body)
	}
	var refusal *sdkerrors.TencentCloudSDKError
	if ctx.Err() != nil {
		return true, errors.New("no answer in time")
	}
	if !errors.As(err, &refusal) || strings.HasPrefix(refusal.Code, "ClientError.") {
		return true, errors.New("no answer that is one: check the network, the region and the endpoint")
	}
	text := strings.NewReplacer(cred.SecretKey, "[redacted]", tokenOf(cred), "[redacted]").Replace(refusal.Message)
	return repeatable(refusal.Code), fmt.Errorf("%s: %.300s%s", refusal.Code, text, mend(refusal.Code))
}

// tokenOf is a text that is nowhere where there is no token.
func tokenOf(c Credentials) string {
	if c.Token == "" {
		return c.SecretKey
	}
	return c.Token
}

// send signs and sends the request, by the official SDK. Client and request are
// made anew each time, since the SDK writes into both.
func (q *Queue) send(ctx context.Context, event []byte, cred Credentials) ([]byte, error) {
	p := profile.NewClientProfile()
	p.Language = "en-US"
	p.DisableRegionBreaker = true
	p.HttpProfile.Scheme, p.HttpProfile.Endpoint = q.scheme, q.host
	p.HttpProfile.ReqTimeout = 0 // ctx bounds it
	client := common.NewCommonClient(common.NewTokenCredential(cred.SecretID, cred.SecretKey, cred.Token), q.function.Region, p).
		WithHttpTransport(straight{q.opts.Transport}).
		WithRequestClient("prowatch")
	req := tchttp.NewCommonRequest("scf", "2018-04-16", "Invoke")
	req.SetContext(ctx)
	arguments := map[string]any{
		"FunctionName": q.function.Name, "Namespace": q.function.Namespace,
		"InvocationType": "Event", "ClientContext": string(event),
	}
	if q.qualifier != "" {
		arguments["Qualifier"] = q.qualifier
	}
	if err := req.SetActionParameters(arguments); err != nil {
		return nil, err
	}
	resp := tchttp.NewCommonResponse()
	err := client.Send(req, resp)
	return resp.GetBody(), err
}

// straight follows no redirect, which would hand the token to another host.
type straight struct{ next http.RoundTripper }

func (s straight) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := s.next.RoundTrip(r)
	if err == nil && resp.StatusCode/100 == 3 {
		resp.Body.Close()
		return nil, errors.New("the answer is a redirect")
	}
	return resp, err
}

// accepted reports as an error an answer that is no proof that SCF took the
// invocation: it names the invocation's id.
func accepted(body []byte) (again bool, err error) {
	var answer struct {
		Response struct {
			RequestID string `json:"RequestId"`
			Result    struct {
				FunctionRequestID string `json:"FunctionRequestId"`
			}
		}
	}
	if json.Unmarshal(body, &answer) != nil || answer.Response.RequestID == "" || answer.Response.Result.FunctionRequestID == "" {
		return true, errors.New("the answer names no invocation, so it was not taken")
	}
	return false, nil
}

// repeatable reports whether a refusal is for now.
func repeatable(code string) bool {
	for _, p := range []string{"InternalError", "RequestLimitExceeded", "LimitExceeded", "ResourceUnavailable", "FailedOperation.TooManyRequests"} {
		if strings.HasPrefix(code, p) {
			return true
		}
	}
	return false
}

// mend says what to do about SCF's answers.
func mend(code string) string {
	switch {
	case code == "AuthFailure.SecretIdNotFound":
		return "; of an account of cloud.tencent.com the queue is scf:self?site=cn"
	case strings.HasPrefix(code, "AuthFailure"), strings.HasPrefix(code, "UnauthorizedOperation"):
		return "; allow scf:InvokeFunction on the function to the execution role"
	case strings.HasPrefix(code, "ResourceNotFound"):
		return "; there is no such function in that region and namespace: correct fanout.queue"
	}
	return ""
}

// wait sleeps for d, or until ctx ends; it reports whether it slept.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
