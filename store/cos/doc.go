// Package cos keeps records in a bucket of Tencent Cloud Object Storage.
//
// The state is a URL:
//
//	cos://BUCKET-APPID[/PREFIX]?region=ap-singapore[&endpoint=https://…]
//
// COS cannot compare before it overwrites; it can refuse to overwrite. So a
// record is a row of objects that are written once and never changed, each
// under the record's key and a number:
//
//	PREFIX/account/acme-prod@999999999998    the 1st
//	PREFIX/account/acme-prod@999999999997    the 2nd
//
// The numbers run backwards, so that the newest is the first of a list. To save
// is to create the object that follows the one that was loaded, with
// x-cos-forbid-overwrite; whoever is answered 409 FileAlreadyExists has lost. To
// delete is to create one that says so, a tombstone. The list of a bucket lags
// behind its objects, so that a list only says where to begin: the objects that
// may follow are asked for one by one, until one is missing.
//
// Every 16th save removes what is older than a day by the clock of COS, but
// never the newest. Within that day nobody can create an object that was there
// before, so a save is refused as a conflict if its load is over an hour ago. A
// save whose answer was lost, and that is refused when it comes again, reads
// the object and knows its own.
//
// # What it needs of the bucket
//
// No versioning, now or ever: with it, even suspended, COS overwrites whatever
// the request says. The first call asks, and refuses the bucket. No lifecycle
// rule may remove objects under the prefix, as the newest may be old. The
// bucket should be private; COS encrypts it if it is set to. The user needs
//
//	name/cos:GetBucket, name/cos:GetBucketVersioning, name/cos:GetObject,
//	name/cos:PutObject, name/cos:DeleteMultipleObjects
//
// [Store.List] is as late as the lists of COS: a record that was created or
// deleted a moment ago may be missing or there. Load, Save and Delete are not.
//
// # How it was tried
//
// Not against COS itself, but against costest, which checks signatures with
// the SDK's own function and answers the six calls above as the documentation
// has them. Not known from the documentation, and taken for granted: that an
// object can be read as soon as its PUT was answered, and that of two PUTs at
// once with x-cos-forbid-overwrite one is refused.
//
// https://www.tencentcloud.com/document/product/436/7749 (PUT Object),
// https://www.tencentcloud.com/document/product/436/30614 (GET Bucket)
package cos
