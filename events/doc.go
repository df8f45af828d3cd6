// Package events says what woke the function.
//
// The clouds hand a function bytes and no word about their kind. [Decode]
// tells it from the shape and returns an [Event]: a [Tick] of a schedule, or a
// [Direct] call. Anything else is a [*DecodeError] that lists what is taken: a
// silent success would hide that the trigger is set up wrongly.
//
// Taken are
//
//   - the timer of Tencent SCF. Its argument, the event's Message, may be a
//     direct call in JSON, in serverless.yml
//     argument: '{"action":"check","accounts":["acme-prod"]}'
//     Then the tick is for those accounts alone. A text that does not begin
//     with a brace is the owner's own note and is ignored; one that does, and
//     is no direct call, is an error.
//   - the schedules of AWS: an EventBridge rule, and EventBridge Scheduler
//     without an Input. Scheduler with an Input delivers the Input alone, which
//     has to be a direct call.
//   - the direct call itself, {"action":"check"}, for all accounts, or with
//     "accounts":["acme-prod"] for these.
//
// HTTP requests, queue batches and authorizer events are recognised, so that
// the error can name them.
//
// The folder samples holds one event of every shape, for tests and for hand
// use.
package events
