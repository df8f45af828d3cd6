// Package sqs hands batches of accounts to workers by an Amazon SQS queue, whose
// trigger invokes the function itself. Any dead-letter queue is the queue's own:
// an account whose batches end there is told stale by a later run.
package sqs
