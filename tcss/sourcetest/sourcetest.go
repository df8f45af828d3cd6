// Package sourcetest is the contract of [watch.Source] as a test suite.
package sourcetest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"prowatch/watch"
)

// A Setup is what a source under test is to be opened with.
type Setup struct {
	// URL is where the suite answers as the API, "http://127.0.0.1:<port>".
	URL string

	// The credentials to sign with. The suite looks for the key and the token
	// in everything that the source says.
	SecretID, SecretKey, Token string
}

// An API is what one subtest answers the source.
type API = http.HandlerFunc

// Run runs the suite: each sentence of the interface's comment is a subtest.
// It calls open once or more a subtest, each time with a server of its own;
// open should use t.Cleanup for what has to be closed, and should make the
// waits between attempts short where the source asks again.
func Run(t *testing.T, open func(t *testing.T, s Setup) watch.Source) {
	t.Helper()
	for _, tt := range []struct {
		name string
		fn   func(t *testing.T, open opener)
	}{
		{"Read returns what the API says", testAnswer},
		{"Read asks once where the answer is good", testAsksOnce},
		{"Read asks anew each time", testAsksAnew},
		{"Read's error is a Failure with the class of the fault", testClasses},
		{"Read's failure keeps the API's code, message and request id", testFailureFields},
		{"Read returns soon after ctx is cancelled", testCancelled},
		{"Read returns soon after the deadline, in the middle of a body", testDeadline},
		{"Read asks nothing when ctx has ended", testEnded},
		{"Read is safe for use by many goroutines", testConcurrent},
		{"Read holds no fault against the next call", testForgives},
		{"Read's error holds no secret", testSecrets},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.fn(t, func(t *testing.T, api API) watch.Source {
				t.Helper()
				srv := httptest.NewServer(api)
				t.Cleanup(srv.Close)
				return open(t, Setup{URL: srv.URL, SecretID: secretID, SecretKey: secretKey, Token: token})
			})
		})
	}
}

type opener func(t *testing.T, api API) watch.Source

// The canaries: as long as real ones, and without meaning anywhere.
const (
	secretID  = "AKIDcanarycanarycanarycanarycanary00"
	secretKey = "KeyCanary4f1d8b6a2c9e7d3b5a1f8e6c"
	token     = "TokenCanary/9b7d+5f3a1c8e6b4d2f0a7c5e=="
)

// good is a whole answer of the API with the given request id.
func good(requestID string) string {
	return fmt.Sprintf(`{"Response":{"BuyStatus":"Normal","StartTime":"2024-05-19 17:06:40",`+
		`"EndTime":"2024-11-19 17:06:40","ResourceId":"tcss-1","CoresCnt":3,"MaxPostPayCoresCnt":5000,`+
		`"IsPurchased":false,"RequestId":%q}}`, requestID)
}

// fault is the API's answer to a request that it refuses.
func fault(code, message, requestID string) string {
	return fmt.Sprintf(`{"Response":{"Error":{"Code":%q,"Message":%q},"RequestId":%q}}`, code, message, requestID)
}

// answer writes the same answer to every request.
func answer(status int, body string) API {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}
