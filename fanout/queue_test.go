package fanout_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"prowatch/fanout/sqs"
	"prowatch/store/storetest/server"
)

// trigger invokes the function with the messages of a queue, and deletes those
// that its answer does not name, as Lambda's does.
type trigger struct {
	client *sdk.Client
	url    *string
}

func environment(name string) string {
	return map[string]string{"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}[name]
}

// onSQS has a queue whose messages come again after two seconds.
func onSQS(t *testing.T) (*fleet, *trigger) {
	t.Helper()
	endpoint := server.Moto(t)
	client := sdk.New(sdk.Options{Region: "us-east-1", BaseEndpoint: &endpoint,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}, nil
		})})
	made, err := client.CreateQueue(t.Context(), &sdk.CreateQueueInput{QueueName: aws.String("prowatch"), Attributes: map[string]string{"VisibilityTimeout": "2"}})
	if err != nil {
		t.Fatal(err)
	}
	q, err := sqs.Open("sqs:"+*made.QueueUrl, sqs.Options{Getenv: environment})
	if err != nil {
		t.Fatal(err)
	}
	f := newFleet(q)
	f.begin(t)
	return f, &trigger{client: client, url: made.QueueUrl}
}

// event is what Lambda hands to the function of the messages.
func event(t *testing.T, messages []types.Message) []byte {
	t.Helper()
	records := make([]map[string]any, len(messages))
	for i, m := range messages {
		records[i] = map[string]any{"messageId": m.MessageId, "body": m.Body, "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:prowatch"}
	}
	b, err := json.Marshal(map[string]any{"Records": records})
	if err != nil {
		t.Error(err)
	}
	return b
}

// batches lets four instances take what is on the queue until the sweep is done:
// until it was empty for longer than messages stay hidden.
func (tr *trigger) batches(t *testing.T, f *fleet, seed uint64) {
	var wg sync.WaitGroup
	for n := range uint64(4) {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(seed, n))
			for last := time.Now(); time.Since(last) < 3*time.Second; {
				got, err := tr.client.ReceiveMessage(t.Context(), &sdk.ReceiveMessageInput{QueueUrl: tr.url, MaxNumberOfMessages: 1 + r.Int32N(5)})
				if err != nil {
					t.Error(err)
					return
				}
				if len(got.Messages) == 0 {
					time.Sleep(50 * time.Millisecond)
					continue
				}
				last = time.Now()
				tr.deliver(t, f, r, got.Messages)
			}
		})
	}
	wg.Wait()
}

// deliver invokes an instance and deletes what it did. What one that dies did
// comes again; so does, once in a while, a message whose deletion is lost.
func (tr *trigger) deliver(t *testing.T, f *fleet, r *rand.Rand, messages []types.Message) {
	h, dead := f.instance(r)
	answer, err := h.Invoke(t.Context(), event(t, messages))
	if dead() {
		return
	}
	var failed struct {
		BatchItemFailures []struct{ ItemIdentifier string }
	}
	if err == nil {
		err = json.Unmarshal(answer, &failed)
	}
	if err != nil {
		t.Error(err)
		return
	}
	for _, m := range messages {
		if slices.ContainsFunc(failed.BatchItemFailures, func(i struct{ ItemIdentifier string }) bool { return i.ItemIdentifier == *m.MessageId }) || r.IntN(20) == 0 {
			continue
		}
		if _, err := tr.client.DeleteMessage(t.Context(), &sdk.DeleteMessageInput{QueueUrl: tr.url, ReceiptHandle: m.ReceiptHandle}); err != nil && !strings.Contains(err.Error(), "ReceiptHandle") {
			t.Error(err)
		}
	}
}

func TestAFleetOnSQSWithWorkersThatDie(t *testing.T) {
	f, tr := onSQS(t)
	began := f.now()
	if answer := f.tick(t); !strings.Contains(answer, `"handed_out":`) {
		t.Errorf("the timer was answered %s", answer)
	}
	tr.batches(t, f, 1)
	if n := f.unchecked(t, began); n > 0 {
		t.Errorf("%d of %d accounts were not checked", n, accounts())
	}
	f.wantToldOnce(t, 1)
	t.Logf("%d checks of %d accounts", f.asked.Load(), accounts())
}
