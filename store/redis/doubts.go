package redis

import (
	"context"
	"fmt"
	"strings"
)

// Doubts asks the server whether it keeps what it is given, and returns what
// speaks against it, each with its mend; none if nothing does.
func (s *Store) Doubts(ctx context.Context) ([]string, error) {
	info, _, err := call(ctx, s, func(ctx context.Context) (string, error) {
		return s.client.Info(ctx).Result() // all of it: servers before 7.0 take one section
	})
	if err != nil {
		return nil, fmt.Errorf("asking about persistence: %w", err)
	}
	return doubts(fields(info)), nil
}

// fields reads the "name:value" lines of INFO.
func fields(info string) map[string]string {
	f := map[string]string{}
	for line := range strings.Lines(info) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			f[name] = value
		}
	}
	return f
}

// doubts reads the fields of https://redis.io/docs/latest/commands/info/.
func doubts(info map[string]string) []string {
	var found []string
	if info["aof_enabled"] != "1" {
		found = append(found, "appendonly is off: after a crash saves are missing, without snapshots all of them; set appendonly yes")
	}
	if info["aof_last_write_status"] == "err" {
		found = append(found, "the last write to the append-only file went wrong: see the log of Redis")
	}
	if policy := info["maxmemory_policy"]; strings.HasPrefix(policy, "allkeys-") {
		found = append(found, "maxmemory-policy is "+policy+": a full server drops records; set noeviction")
	}
	if info["cluster_enabled"] == "1" {
		found = append(found, "cluster mode is on: with more than one shard records are out of reach; name a server that is no cluster")
	}
	return found
}
