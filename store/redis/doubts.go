package redis

import (
	"context"
	"fmt"
	"strings"
)

// Doubts asks the server whether it keeps what it is given, and returns what
// speaks against it, each with its mend; none if nothing does.
func (s *Store) Doubts(ctx context.Context) ([]string, error) {
	info, err := s.info(ctx)
	if err != nil {
		return nil, err
	}
	return doubts(info, s.snapshots(ctx, info)), nil
}

// Forgets returns why a restart of the server would forget all records, with its
// mend; "" if it would not, or does not say.
func (s *Store) Forgets(ctx context.Context) (string, error) {
	info, err := s.info(ctx)
	if err != nil || info["aof_enabled"] != "0" || s.snapshots(ctx, info) != "no" {
		return "", err
	}
	return keepsNothing, nil
}

const keepsNothing = "appendonly is off and there are no snapshots: a restart of the server forgets what was told; set appendonly yes"

func (s *Store) info(ctx context.Context) (map[string]string, error) {
	info, _, err := call(ctx, s, func(ctx context.Context) (string, error) {
		return s.client.Info(ctx).Result() // all of it: servers before 7.0 take one section
	})
	if err != nil {
		return nil, fmt.Errorf("asking about persistence: %w", err)
	}
	return fields(info), nil
}

// snapshots says whether the server makes any: "yes", "no" or, where it may not
// be asked, as on most managed ones, "".
func (s *Store) snapshots(ctx context.Context, info map[string]string) string {
	if info["aof_enabled"] != "0" {
		return ""
	}
	config, _, err := call(ctx, s, func(ctx context.Context) (map[string]string, error) {
		return s.client.ConfigGet(ctx, "save").Result()
	})
	save, ok := config["save"]
	switch {
	case err != nil || !ok:
		return ""
	case save == "":
		return "no"
	}
	return "yes"
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
func doubts(info map[string]string, snapshots string) []string {
	var found []string
	switch {
	case info["aof_enabled"] == "1":
	case snapshots == "no":
		found = append(found, keepsNothing)
	case snapshots == "yes":
		found = append(found, "appendonly is off: a crash loses what was saved since the last snapshot, and what was told in it is told again; set appendonly yes")
	default:
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
