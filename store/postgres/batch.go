package postgres

import (
	"context"
	"fmt"

	"prowatch/watch"
)

var _ watch.BatchLoader = (*Store)(nil)

// LoadMany implements [watch.BatchLoader], in one statement.
func (s *Store) LoadMany(ctx context.Context, keys []string) (map[string]watch.Loaded, error) {
	var found map[string]watch.Loaded
	_, err := s.try(ctx, func(ctx context.Context) error {
		found = make(map[string]watch.Loaded, len(keys))
		rows, err := s.pool.Query(ctx, `SELECT key, data, version FROM `+s.table+` WHERE key = ANY($1)`, append([]string{}, keys...))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var key string
			var one watch.Loaded
			if err := rows.Scan(&key, &one.Data, &one.Version); err != nil {
				return err
			}
			found[key] = one
		}
		return rows.Err()
	})
	if err != nil {
		return found, fmt.Errorf("loading %d records: %w", len(keys), err)
	}
	return found, nil
}
