// Package bench holds the benchmarks, beside the floors and peers that they are
// held against. All of them run in one go:
//
//	go test ./bench ./watch ./emulator -run '^$' -bench .
//
// TestServeHoldsItsLoad, too, holds serve beside its floor; -serve.load says for how
// long.
package bench
