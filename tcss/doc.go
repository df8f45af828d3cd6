// Package tcss asks the Tencent Cloud API what it says about an account's
// TCSS Pro Edition. A [Client] is a [watch.Source].
//
// One [Client.Read] is one call of DescribeProVersionInfo. It is signed with
// TC3-HMAC-SHA256 by the official SDK, and the answer is taken from the wire
// before the SDK reads it: the SDK reports an HTML page at 503, a cut body and
// a field of a wrong type all as one ParseJsonError, without the HTTP status.
// Here each is a [watch.Failure] with its own class, the API's code and request
// id, and a sentence for people; [Mend] adds what to do about it.
//
// Beside TCSS it asks its neighbours for what that needs where accounts are many,
// by the same way: [STS] for keys, [Members] for an organisation's accounts, and
// [SecretValue] for a secret of Secrets Manager.
//
// A throttled or unavailable answer is asked for again, up to three times and
// two seconds of waiting, each time with a new timestamp and signature. The
// SDK's own retries and its region breaker stay off: the first sleep past the
// context, the second would send the request to another host.
//
// The signature goes by the machine's clock, for that is what the API checks.
// No error, answer or text of this package holds a secret key or a token.
package tcss
