// Package costest is a bucket of Tencent Cloud Object Storage in memory, with
// the few calls that the store cos makes. It answers as the documentation says,
// checks signatures with the SDK's own function, and refuses what it does not
// know.
//
// It differs from COS in these:
//
//   - Its objects are read as soon as they are written, and one of two writers
//     at once is always refused. COS's documentation promises neither.
//   - Its lists lag by ListLag for every object alike. Those of COS lag as they
//     will, as a rule not at all.
//   - It knows one key, which may do everything, and no throttling; no policies,
//     no storage classes, no encryption, no metadata.
//   - Its messages are its own. The codes are those of COS.
package costest
