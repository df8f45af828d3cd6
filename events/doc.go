// Package events says what woke the function.
//
// The clouds hand a function bytes and no word about their kind. [Decode]
// tells it from the shape and returns an [Event]: a [Tick] of a schedule, a
// [Direct] call or a [Tell], a [*Request] over HTTP, or a [Batch] of a queue. Anything else
// is a [*DecodeError] that lists what is taken: a silent success would hide that
// the trigger is set up wrongly. The way back is [Request.Answer] and
// [Batch.Answer], each in the very JSON that its platform wants.
//
// Taken are
//
//   - the timer of Tencent SCF. Its argument, the event's Message, may be a
//     direct call in JSON, in serverless.yml
//     argument: '{"action":"check","accounts":["acme-prod"]}'
//     Then the tick is for those accounts alone. A text that does not begin
//     with a brace is the owner's own note and is ignored; one that does, and
//     is no direct call, is an error.
//
//   - the schedules of AWS: an EventBridge rule, and EventBridge Scheduler
//     without an Input. Scheduler with an Input delivers the Input alone, which
//     has to be a direct call.
//
//   - the direct call itself, {"action":"check"}, for all accounts, or with
//     "accounts":["acme-prod"] for these. {"action":"tell"} asks about none and
//     tells what is owed. A call that has a "sweep" is written by prowatch
//     itself, for the workers of a fan-out.
//
//   - HTTP requests, on Tencent of an SCF function URL and of API Gateway (with
//     whose shape TSE calls a function), on AWS of a REST API, an HTTP API, a
//     Lambda function URL and a load balancer (ALB). Stages and base paths are
//     taken off the path; it is decoded and clean.
//
//   - batches of SQS and CKafka, of which each message is a direct call. One
//     that is not is that message's fault, [Message.Err].
//
// WebSocket messages and authorizer events are recognised, so that the error
// can name them: an authorizer's event is in all but its type a request.
//
// The folder samples holds one event of every shape, for tests and for hand
// use.
package events
