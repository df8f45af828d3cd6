// Package s3 keeps records as objects in a bucket of Amazon S3, or of a server
// that honours its conditional writes.
//
// # The objects
//
// A record is the object PREFIX/KEY. Its first line says what follows; the rest
// is the data:
//
//	prowatch-record 1 <token> <bytes of data> <SHA-256 of data, hex>
//
// An object that does not hold what its first line says, has a higher format
// number or is somebody else's is an error that says what to do, and is left as
// it is. The prefix should be prowatch's own, since a list takes each object in
// it for a record.
//
// The version of a record is the object's ETag. The token, which the writer draws,
// makes the content and so the ETag of each write a new one, and tells a write
// whose answer was lost, and which is sent again, that it met its own work.
//
// # The bucket
//
// A versioned bucket works; a lifecycle rule should expire noncurrent versions,
// of which every save leaves one. A directory bucket does not: it lists in no
// order. Of other servers, those that ignore conditions lose updates: MinIO and
// versitygw honour those of writes, which "prowatch doctor" tries.
//
// # Rights
//
// The least statements are
//
//	{"Effect": "Allow",
//	 "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
//	 "Resource": "arn:aws:s3:::BUCKET/PREFIX/*"},
//	{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::BUCKET"}
//
// Without s3:ListBucket, S3 answers that a missing record is forbidden.
package s3
