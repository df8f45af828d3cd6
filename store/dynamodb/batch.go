package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"prowatch/watch"
)

// How a batch is asked for. DynamoDB takes 100 keys, answers 16 MB, and leaves
// out what a partition has no capacity for.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
const (
	maxBatch  = 100
	maxRounds = 6                      // in a row that brought nothing
	firstWait = 100 * time.Millisecond // after one of them, doubled each time: 3.1 s in all
)

var _ watch.BatchLoader = (*Store)(nil)

// LoadMany implements [watch.BatchLoader]. Reads are consistent.
func (s *Store) LoadMany(ctx context.Context, keys []string) (map[string]watch.Loaded, error) {
	found := make(map[string]watch.Loaded, len(keys))
	err := s.loadMany(ctx, distinct(keys, found), found)
	if err != nil {
		err = fmt.Errorf("loading %d records: %w", len(keys), err)
	}
	return found, err
}

// distinct returns the primary keys, each once; found has the errors of those
// that can be none.
func distinct(keys []string, found map[string]watch.Loaded) []item {
	seen := make(map[string]bool, len(keys))
	items := make([]item, 0, len(keys))
	for _, key := range keys {
		if seen[key] {
			continue
		}
		seen[key] = true
		k, err := itemKey(key)
		if err != nil {
			found[key] = watch.Loaded{Err: loading(key, err)}
			continue
		}
		items = append(items, k)
	}
	return items
}

func (s *Store) loadMany(ctx context.Context, asked []item, found map[string]watch.Loaded) error {
	idle, pause := 0, firstWait
	for len(asked) > 0 {
		batch := asked[:min(len(asked), maxBatch)]
		left, err := s.batch(ctx, batch, found)
		if err != nil {
			return err
		}
		brought := len(left) < len(batch)
		asked = append(left, asked[len(batch):]...)
		if brought {
			idle, pause = 0, firstWait
			continue
		}
		if idle++; idle == maxRounds {
			return fmt.Errorf("table %s in %s: %s", s.table, s.session.Config.Region, tooLittle)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
			pause *= 2
		}
	}
	return nil
}

// batch asks once, and returns the keys that were left out of the answer.
func (s *Store) batch(ctx context.Context, keys []item, found map[string]watch.Loaded) (left []item, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out, err := s.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
		RequestItems: map[string]types.KeysAndAttributes{s.table: {Keys: keys, ConsistentRead: aws.Bool(true)}},
	})
	if err != nil {
		return nil, s.explain(ctx, err)
	}
	for _, it := range out.Responses[s.table] {
		sk, ok := it["sk"].(*types.AttributeValueMemberS)
		if !ok {
			return nil, errors.New("the answer holds an item without sk")
		}
		one := watch.Loaded{}
		if one.Data, one.Version, err = decode(it); err != nil {
			one.Err = loading(sk.Value, err)
		}
		found[sk.Value] = one
	}
	return out.UnprocessedKeys[s.table].Keys, nil
}

func loading(key string, err error) error {
	return fmt.Errorf("loading record %.80q: %w", key, err)
}
