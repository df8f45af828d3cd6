package conformance

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"prowatch/store/dynamodb"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

// moto is an emulator of AWS. It makes of a stack what it knows: roles, function,
// table, queues, alarms and the log, but no schedule, URL, API or EventInvokeConfig.
type moto struct {
	t   *testing.T
	url string
}

// call makes a request to the service and returns the answer.
func (m moto) call(service, method, path, body string) []byte {
	m.t.Helper()
	req, err := http.NewRequestWithContext(m.t.Context(), method, m.url+path, strings.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/"+service+"/aws4_request, SignedHeaders=host, Signature=x")
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		m.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		m.t.Fatalf("%s %s: status %d, %v\n%s", service, path, resp.StatusCode, err, answer)
	}
	return answer
}

// stackAnswer is what DescribeStacks says of the one stack.
type stackAnswer struct {
	Status  string                                    `xml:"DescribeStacksResult>Stacks>member>StackStatus"`
	Reason  string                                    `xml:"DescribeStacksResult>Stacks>member>StackStatusReason"`
	Outputs []struct{ OutputKey, OutputValue string } `xml:"DescribeStacksResult>Stacks>member>Outputs>member"`
}

// createStack makes the stack and returns its outputs. It fans out, since moto
// cannot do with a role whose last policy is left out.
func (m moto) createStack(template object, parameters ...string) map[string]string {
	m.t.Helper()
	parameters = append(parameters, "Fanout=yes")
	m.call("s3", http.MethodPut, "/bucket", "")
	m.call("s3", http.MethodPut, "/bucket/lambda.zip", "zip")
	body, err := json.Marshal(template)
	if err != nil {
		m.t.Fatal(err)
	}
	form := url.Values{
		"Version": {"2010-05-15"}, "Action": {"CreateStack"}, "StackName": {"prowatch"}, "TemplateBody": {string(body)},
		"Capabilities.member.1": {"CAPABILITY_IAM"},
	}
	for i, p := range parameters {
		key, value, _ := strings.Cut(p, "=")
		member := "Parameters.member." + strconv.Itoa(i+1) + "."
		form.Set(member+"ParameterKey", key)
		form.Set(member+"ParameterValue", value)
	}
	m.call("cloudformation", http.MethodPost, "/", form.Encode())
	var answer stackAnswer
	described := m.call("cloudformation", http.MethodPost, "/", url.Values{"Version": {"2010-05-15"}, "Action": {"DescribeStacks"}}.Encode())
	if err := xml.Unmarshal(described, &answer); err != nil {
		m.t.Fatal(err)
	}
	if answer.Status != "CREATE_COMPLETE" {
		m.t.Fatalf("the stack is %s (%s)", answer.Status, answer.Reason)
	}
	outputs := map[string]string{}
	for _, o := range answer.Outputs {
		outputs[o.OutputKey] = o.OutputValue
	}
	return outputs
}

// recorder notes what is called.
type recorder struct {
	mu     sync.Mutex
	called map[string]bool
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	_, operation, _ := strings.Cut(req.Header.Get("X-Amz-Target"), ".")
	r.mu.Lock()
	r.called["dynamodb:"+operation] = true
	r.mu.Unlock()
	return http.DefaultTransport.RoundTrip(req)
}

// TestTheStoreUsesTheStacksTable keeps records in the table that the expanded
// template makes, by what the role may do.
func TestTheStoreUsesTheStacksTable(t *testing.T) {
	m := moto{t, server.Moto(t)}
	outputs := m.createStack(expand(t), "AlarmTopicArn=arn:aws:sns:us-east-1:123456789012:ops")
	for _, name := range []string{"FunctionName", "LogGroupName", "TableName", "FailureQueueUrl", "WorkQueueUrl"} {
		if outputs[name] == "" {
			t.Errorf("the stack has no output %s, but %v", name, outputs)
		}
	}
	r := &recorder{called: map[string]bool{}}
	s, err := dynamodb.Open(t.Context(), "dynamodb:"+outputs["TableName"]+"?endpoint="+m.url, &dynamodb.Options{
		Getenv: credentials, HTTPClient: &http.Client{Transport: r},
	})
	if err != nil {
		t.Fatal(err)
	}
	roundTrip(t, s)
	for operation := range r.called {
		if !slices.Contains(dynamodbActions, operation) {
			t.Errorf("the store called %s, which the role may not", operation)
		}
	}
}

// roundTrip creates a record, changes, lists and deletes it.
func roundTrip(t *testing.T, s watch.Store) {
	t.Helper()
	const key = "account/acme"
	first, err := s.Save(t.Context(), key, []byte("1"), "")
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.Save(t.Context(), key, []byte("2"), first)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Save(t.Context(), key, []byte("3"), first); err == nil {
		t.Error("a stale version was saved")
	}
	if b, ok := s.(watch.BatchLoader); ok {
		if _, err := b.LoadMany(t.Context(), []string{key}); err != nil {
			t.Error(err)
		}
	}
	data, version, err := s.Load(t.Context(), key)
	if string(data) != "2" || version != second || err != nil {
		t.Errorf("Load: got %q, %s, %v, want 2, %s", data, version, err, second)
	}
	var keys []string
	for k, err := range s.List(t.Context(), "account/") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, k)
	}
	if !slices.Equal(keys, []string{key}) {
		t.Errorf("List: got %q, want %q", keys, key)
	}
	if err := s.Delete(t.Context(), key, second); err != nil {
		t.Error(err)
	}
}
