// Package credentials is where an account's API key comes from, beside its own
// secret_id and secret_key: Tencent's profile files, the role of the platform,
// an identity token, and on top of any of them a role that is assumed.
//
// Each source is a func as [tcss.Options] takes it. One that reads a file reads
// it at each call, since other programs renew it; one that asks a service keeps
// the key in this process, and nowhere else, until two thirds of its life are
// over. Its errors are of [*watch.Failure]: denied where a setting is at fault,
// unavailable where the network is. None holds a secret.
package credentials
