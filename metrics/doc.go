// Package metrics is prowatch in figures. One table, [Families], says which
// figures there are: gauges of what is remembered of accounts and channels, and
// counters of what this process did. They are read in three ways: as
// Prometheus' text ([Metrics.ServeHTTP], without a library, for the functions,
// where its client would cost milliseconds of each cold start), by Prometheus'
// own client (package metrics/prom, for serve), and on Lambda as a line in
// CloudWatch's embedded metric format ([WriteEMF]).
//
// Labels are bounded: account and channel by the configuration, all others by
// lists of the code. A failure counts by its class, never by its code.
package metrics
