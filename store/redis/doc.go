// Package redis keeps records in Redis, or in a server that speaks as Redis
// does and runs Lua scripts.
//
// The state is a URL:
//
//	redis://[user:password@]host[:port][/database][?prefix=prowatch:]
//	rediss://…  the same over TLS
//
// A record is a hash under the prefix and its key, such as
// prowatch:account/acme-prod, with the fields "version" and "data". A hash
// without a version, or a value of another type, is somebody else's: an error,
// and never overwritten. Versions are compared and changed by a Lua script, in
// one step. A user with fewer rights needs
//
//	~prowatch:* +eval +evalsha +exists +hget +hgetall +hset +del +scan +info +select
//
// and, to be told that the server keeps nothing, +config|get.
//
// # What it needs of the server
//
// Redis keeps records in memory, and how much of them it has after a crash is
// its own setting. prowatch needs
//
//   - appendonly yes. With appendfsync always a save that returned is on disk;
//     with everysec, the default, a crash of the machine loses up to a second
//     of saves. With snapshots alone (save …) a crash loses all saves since the
//     last one, and with neither a restart forgets everything. A save that is
//     lost may have noted that a message was sent: that message is sent again.
//   - no eviction: maxmemory-policy noeviction or one of the volatile-…, as
//     records have no time to live. Under allkeys-… a full server drops records,
//     and the accounts of these start anew.
//   - one server, or one with replicas and a single address: a cluster of many
//     shards is refused. Replicas follow a moment later, so a failover may lose
//     the last saves, as above.
//
// [Store.Doubts] asks a server about these, and [Store.Forgets] whether it keeps
// anything. Saving to a server that keeps
// nothing works all the same: a cache may do for a trial.
package redis
