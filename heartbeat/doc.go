// Package heartbeat tells a service that watches cron jobs, such as
// healthchecks.io, of each run: POST <url>/start when it begins, <url> when it
// succeeded and <url>/fail when it did not, each with the run's id as ?rid= and
// the last two with the run's figures as the body
// (https://healthchecks.io/docs/http_api/).
//
// It is the word of last resort: that service rings when the pings stop, so it
// notices what prowatch itself cannot tell. A ping never fails a run and never
// takes time from one: it begins beside the run, and ends in seconds. The URL
// is a secret: whoever has it can silence the alarm.
package heartbeat
