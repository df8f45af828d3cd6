// Package emulator is the Tencent Container Security Service API (TCSS,
// version 2020-11-01) on one's own machine, as far as DescribeProVersionInfo
// and DescribePurchaseStateInfo go, with AssumeRole of the Security Token
// Service (STS, version 2018-08-13) for setups of many accounts: a library for
// tests and the heart of "prowatch emulate". Unmodified official SDKs work
// against it.
//
// [New] returns an [http.Handler], and [Start] has one listen for as long as a
// test takes. It answers the API on every path but those under /_emulator/,
// which are the admin API and its page: what an account answers ([Edition]),
// how that changes on a virtual clock ([Moment], [Clock]), what goes wrong
// ([Fault]), which roles there are ([Role]), what was asked ([Exchange]), and
// all of it to keep in a file ([State]). Each operation of the admin API is a
// Go method too. Give an SDK the listener's host:port as its endpoint and
// "HTTP" as its scheme. A local name such as tcss.localhost or an address stands
// for every service; one of the vendor's own hosts is one service.
//
// # Checks
//
// A request is refused for the first of these that fails, always with status
// 200 and an error in the envelope:
//
//  1. The method is GET or POST (UnsupportedProtocol).
//  2. Its size: 32 KB for a GET and 10 MB for a POST (RequestSizeLimitExceeded),
//     1 MB for a POST with an older signature (AuthFailure.SignatureFailure,
//     which is what the service says).
//  3. With an older signature: its query or form can be read
//     (InvalidParameter).
//  4. The common parameters are there once (InvalidParameter,
//     MissingParameter), in the order Action, Version, Timestamp, and then
//     Authorization or Nonce, SecretId, Signature; numbers are numbers
//     (InvalidParameter), and a nonce is not zero, language and method known
//     (InvalidParameterValue).
//  5. The Authorization header has its form, a scope of the timestamp's UTC
//     date and of a service that is emulated or the host's first label, and
//     signed headers that are sorted, there, and content-type and host among
//     them (AuthFailure.InvalidAuthorization).
//  6. The timestamp is within five minutes of the machine's clock
//     (AuthFailure.SignatureExpire).
//  7. The account exists (AuthFailure.SecretIdNotFound).
//  8. The signature is right (AuthFailure.SignatureFailure), and the body's
//     hash if the client gave one (InvalidParameterValue).
//  9. The token is the account's and has not expired (AuthFailure.TokenFailure).
//  10. The account is within its rate for the service (RequestLimitExceeded).
//  11. There is no fault for it.
//  12. A host of the vendor names a product that is here (NoSuchProduct).
//  13. The version (NoSuchVersion) and the action (InvalidAction) are known;
//     with TC3 a query of a GET can be read, a body is JSON (InvalidParameter),
//     parts (InvalidRequest) and nothing else (InvalidParameterValue); and
//     every parameter is known (UnknownParameter).
//  14. What the action itself checks: AssumeRole its region, the types and
//     forms of its parameters, that the role is there
//     (InternalError.GetRoleError) and that it trusts the caller and the
//     external id (AuthFailure.UnauthorizedOperation).
//
// # Signatures
//
// TC3-HMAC-SHA256 is computed over the path "/" whatever the path is, the query
// as it was sent, and the headers in lower case. A body marked
// UNSIGNED-PAYLOAD is not part of it, as on the service. HmacSHA1 and
// HmacSHA256, of a GET's query or a POST's form, go over the real path. Both
// take the host with and without its port.
//
// When a signature is wrong, the slips that clients make are tried on it, and
// the request log says which of them gives the signature that was sent
// ([Hint]).
//
// # Guesses
//
// Not documented, so guessed: the order above (only Version before Timestamp is
// seen in a real answer); that the rate is counted by account, over all actions
// of a service, in whole seconds, and only of requests that are signed right;
// that common headers may not come twice, nor signed ones out of order; that permanent
// credentials with a token are refused, and how an expired token is; that
// Region is ignored where it is not required; the language when none is asked
// for, which is English here (en-US, as on the international site); how
// DescribePurchaseStateInfo goes with an edition; which code a role that does
// not trust the caller gives. The texts, and which of them are guessed, are in
// texts.go and catalogue.go. Other permissions (CAM) are not emulated: use a
// fault with the code AuthFailure.UnauthorizedOperation.
package emulator
