// Package file keeps records as files in one folder of a local disk.
//
// A record is a file whose name is the key, escaped as in [Store], with the
// suffix ".record". Its first line says what follows; the rest is the data:
//
//	prowatch-record 1 <version> <bytes of data> <SHA-256 of data, hex>
//
// A file that does not hold what its first line says, has a higher format
// number or is somebody else's is an error that says what to do. It is never
// overwritten and never deleted.
//
// A write goes to the file ".new" first, which is flushed, renamed over the
// record, and the folder flushed: a process that is killed leaves the old
// record or the new one, and perhaps a ".new", which the next write removes.
// Readers take no lock and always see a whole record.
//
// Writers exclude one another, in one process and among many, by the kernel's
// lock on the file ".lock", which ends with the process that holds it. The file
// itself stays and means nothing; it must not be deleted while a process uses
// the folder. A folder that is shared over the network is safe only where the
// network file system carries locks (NFSv4 does).
package file
