package sqs

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"prowatch/watch"
)

// What SQS takes,
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html.
const (
	maxEntries = 10        // messages a request
	maxBytes   = 256 << 10 // of a request; 1 MiB since August 2025, less on queues that are set so
	maxDelay   = 15 * time.Minute

	// maxAccounts ids of 64 bytes, with their quotes and comma, fit a message.
	maxAccounts = 3500
)

// A message that SQS itself failed to take is given to it again.
const (
	attempts  = 3
	firstWait = 100 * time.Millisecond
)

// Limits implements [watch.Queue].
func (q *Queue) Limits() watch.QueueLimits {
	return watch.QueueLimits{Calls: maxEntries, Accounts: maxAccounts, Delay: true}
}

// Put implements [watch.Queue].
func (q *Queue) Put(ctx context.Context, calls []watch.Call) []error {
	faults := make([]error, len(calls))
	for from := 0; from < len(calls); {
		to := fit(calls, from)
		q.send(ctx, calls, faults, from, to)
		from = to
	}
	return faults
}

// fit returns the end of the calls from from on that one request takes, at least
// one of them.
func fit(calls []watch.Call, from int) int {
	size, to := 0, from
	for to < len(calls) && to-from < maxEntries {
		if size += len(calls[to].Body); size > maxBytes && to > from {
			break
		}
		to++
	}
	return to
}

// send sends the calls of one request, and those of them again that failed for
// no fault of theirs.
func (q *Queue) send(ctx context.Context, calls []watch.Call, faults []error, from, to int) {
	todo := make([]int, 0, to-from)
	for i := from; i < to; i++ {
		todo = append(todo, i)
	}
	for try := range attempts {
		if try > 0 && !wait(ctx, firstWait<<try) {
			return
		}
		if todo = q.attempt(ctx, calls, faults, todo); len(todo) == 0 {
			return
		}
	}
}

// attempt sends some calls once, and returns those to send again.
func (q *Queue) attempt(ctx context.Context, calls []watch.Call, faults []error, todo []int) (again []int) {
	entries := make([]types.SendMessageBatchRequestEntry, len(todo))
	for at, i := range todo {
		entries[at] = types.SendMessageBatchRequestEntry{
			Id: aws.String(strconv.Itoa(i)), MessageBody: aws.String(string(calls[i].Body)),
			DelaySeconds: seconds(calls[i].After),
		}
		faults[i] = nil
	}
	out, err := q.client.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &q.url, Entries: entries})
	if err != nil {
		err = q.explain(ctx, err)
		for _, i := range todo {
			faults[i] = err
		}
		return nil
	}
	for _, f := range out.Failed {
		i, err := strconv.Atoi(aws.ToString(f.Id))
		if err != nil || i < 0 || i >= len(calls) {
			continue
		}
		faults[i] = fmt.Errorf("SQS did not take the message: %s: %.200s", aws.ToString(f.Code), aws.ToString(f.Message))
		if !f.SenderFault {
			again = append(again, i)
		}
	}
	return again
}

// seconds is a delay as SQS takes it, rounded up.
func seconds(d time.Duration) int32 {
	return int32((min(d, maxDelay) + time.Second - 1) / time.Second)
}

func (q *Queue) explain(ctx context.Context, err error) error {
	return fmt.Errorf("fanout.queue sqs:%s: %w", q.url, q.session.Explain(ctx, err, mend))
}

// mend says what to do about SQS's own answers.
func mend(code, _ string) string {
	switch code {
	case "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist":
		return "there is no such queue in that region and account: correct fanout.queue, or create it"
	case "AccessDenied", "AccessDeniedException", "AWS.SimpleQueueService.AccessDenied":
		return "allow sqs:SendMessage on the queue"
	case "AWS.SimpleQueueService.BatchRequestTooLong", "BatchRequestTooLong":
		return "the queue takes less than 256 KiB at once: raise its maximum message size, or lower fanout.batch"
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
