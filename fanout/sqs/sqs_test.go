package sqs_test

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"prowatch/fanout/sqs"
	"prowatch/watch"
)

func getenv(name string) string {
	return map[string]string{"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "very-secret-key"}[name]
}

func TestOpenSaysWhatToWriteInstead(t *testing.T) {
	for _, tt := range []struct{ queue, want string }{
		{"sqs:prowatch", "it is no URL of an SQS queue: write the queue's URL, such as sqs:https://"},
		{"sqs:https://sqs.eu-central-1.amazonaws.com/prowatch", "it is no URL of an SQS queue"},
		{"sqs:http://sqs.eu-central-1.amazonaws.com/1/q", "it must be an https URL"},
		{"https://user:pass@sqs.eu-central-1.amazonaws.com/1/q", "it holds a user, a parameter or a fragment"},
		{"https://sqs.eu-central-1.amazonaws.com/1/q?sig=pass", "it holds a user, a parameter or a fragment"},
		{"sqs:https://sqs.eu-central-1.amazonaws.com/1/q.fifo", "it is a FIFO queue"},
	} {
		_, err := sqs.Open(tt.queue, sqs.Options{Getenv: getenv})
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "pass") {
			t.Errorf("%s: got %v, want %s", tt.queue, err, tt.want)
		}
	}
	if _, err := sqs.Open("sqs:https://sqs.eu-central-1.amazonaws.com/1/q", sqs.Options{}); err == nil || !strings.Contains(err.Error(), "AWS_ACCESS_KEY_ID") {
		t.Errorf("without credentials got %v", err)
	}
	for _, good := range []string{"sqs:https://sqs.eu-central-1.amazonaws.com/123456789012/q", "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q", "https://vpce-1.example.com/1/q"} {
		if _, err := sqs.Open(good, sqs.Options{Getenv: getenv}); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
}

// far is SQS as far as SendMessageBatch goes.
type far struct {
	mu       sync.Mutex
	requests []sent
	fail     func(request int, id string) string // the code that a message fails with
	refuse   string                              // the code that all requests are answered
}

type sent struct {
	QueueUrl string
	Entries  []struct {
		Id, MessageBody string
		DelaySeconds    int
	}
	region string
}

func (f *far) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var in sent
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.Header.Get("X-Amz-Target") != "AmazonSQS.SendMessageBatch" {
		http.Error(w, "no", http.StatusNotFound)
		return
	}
	in.region = strings.Split(r.Header.Get("Authorization"), "/")[2]
	f.requests = append(f.requests, in)
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	if f.refuse != "" {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"__type":"com.amazonaws.sqs#%s","message":"refused"}`, f.refuse)
		return
	}
	var out struct {
		Successful, Failed []map[string]any
	}
	out.Successful, out.Failed = []map[string]any{}, []map[string]any{}
	for _, e := range in.Entries {
		if code := ""; f.fail != nil {
			if code = f.fail(len(f.requests), e.Id); code != "" {
				out.Failed = append(out.Failed, map[string]any{"Id": e.Id, "Code": code, "Message": "not now", "SenderFault": code == "InvalidMessageContents"})
				continue
			}
		}
		out.Successful = append(out.Successful, map[string]any{"Id": e.Id, "MessageId": "m", "MD5OfMessageBody": md5Of(e.MessageBody)})
	}
	if err := json.NewEncoder(w).Encode(out); err != nil {
		panic(err)
	}
}

// md5Of is what the SDK compares.
func md5Of(body string) string {
	sum := md5.Sum([]byte(body))
	return hex.EncodeToString(sum[:])
}

func open(t *testing.T, f *far) *sqs.Queue {
	t.Helper()
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	q, err := sqs.Open("sqs:"+srv.URL+"/123456789012/prowatch", sqs.Options{Getenv: getenv})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func calls(n, size int) []watch.Call {
	c := make([]watch.Call, n)
	for i := range c {
		c[i].Body = []byte(fmt.Sprint(i) + strings.Repeat("x", size))
	}
	return c
}

func TestMessagesGoTenARequestAndNoMoreThanItTakes(t *testing.T) {
	for _, tt := range []struct {
		n, size int
		want    []int // messages of each request
	}{{10, 10, []int{10}}, {10, 60_000, []int{4, 4, 2}}, {3, 250_000, []int{1, 1, 1}}} {
		f := &far{}
		q := open(t, f)
		if q.Limits().Calls != 10 {
			t.Errorf("the limits are %+v", q.Limits())
		}
		for i, err := range q.Put(t.Context(), calls(tt.n, tt.size)) {
			if err != nil {
				t.Errorf("message %d: %v", i, err)
			}
		}
		var got []int
		for _, r := range f.requests {
			got = append(got, len(r.Entries))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%d messages of %d bytes went as %v, want %v", tt.n, tt.size, got, tt.want)
		}
	}
}

func TestWhatFailedIsSentAgainAlone(t *testing.T) {
	f := &far{fail: func(request int, id string) string {
		switch {
		case id == "3" && request == 1:
			return "InternalError"
		case id == "5":
			return "InvalidMessageContents"
		case id == "7":
			return "ServiceUnavailable"
		}
		return ""
	}}
	faults := open(t, f).Put(t.Context(), calls(10, 0))
	for i, err := range faults {
		if want := i == 5 || i == 7; (err != nil) != want {
			t.Errorf("message %d: %v", i, err)
		}
	}
	if !strings.Contains(faults[7].Error(), "ServiceUnavailable: not now") || len(f.requests) != 3 || len(f.requests[1].Entries) != 2 || len(f.requests[2].Entries) != 1 {
		t.Errorf("after %d requests the fault is %v", len(f.requests), faults[7])
	}
}

func TestADelayIsInWholeSeconds(t *testing.T) {
	f := &far{}
	open(t, f).Put(t.Context(), []watch.Call{{Body: []byte("a"), After: 1500 * time.Millisecond}, {Body: []byte("b"), After: time.Hour}, {Body: []byte("c")}})
	e := f.requests[0].Entries
	if e[0].DelaySeconds != 2 || e[1].DelaySeconds != 900 || e[2].DelaySeconds != 0 {
		t.Errorf("the delays are %+v, want 2, 900 and 0", e)
	}
}

func TestARefusalSaysItsMend(t *testing.T) {
	for code, mend := range map[string]string{"QueueDoesNotExist": "correct fanout.queue, or create it", "AccessDeniedException": "allow sqs:SendMessage"} {
		faults := open(t, &far{refuse: code}).Put(t.Context(), calls(2, 0))
		for _, err := range faults {
			if err == nil || !strings.Contains(err.Error(), mend) || strings.Contains(err.Error(), "very-secret") {
				t.Errorf("%s: got %v, want %s", code, err, mend)
			}
		}
	}
}

func TestTheRegionIsTheQueues(t *testing.T) {
	f := &far{}
	srv := httptest.NewServer(f)
	defer srv.Close()
	to := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		r.URL.Scheme, r.URL.Host = "http", strings.TrimPrefix(srv.URL, "http://")
		return http.DefaultTransport.RoundTrip(r)
	})}
	q, err := sqs.Open("https://sqs.ap-southeast-1.amazonaws.com/1/q", sqs.Options{Getenv: getenv, HTTPClient: to})
	if err != nil {
		t.Fatal(err)
	}
	q.Put(t.Context(), calls(1, 0))
	if len(f.requests) != 1 || f.requests[0].region != "ap-southeast-1" || f.requests[0].QueueUrl != "https://sqs.ap-southeast-1.amazonaws.com/1/q" {
		t.Errorf("the request is %+v", f.requests)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestACanceledPutReturnsSoon(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range open(t, &far{}).Put(ctx, calls(2, 0)) {
		if err == nil {
			t.Error("a message was taken after the end")
		}
	}
}
