package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// List implements [watch.Store]. It holds a page of each partition in memory at
// a time. A record that is written meanwhile may be listed or not; one that
// exists all the time is.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if len(prefix) > maxKey || !utf8.ValidString(prefix) { // so is no key
			return
		}
		var lists []iter.Seq2[string, error]
		for n := range partitions {
			lists = append(lists, s.query(ctx, partition(n), prefix))
		}
		for key, err := range merge(lists) {
			if err != nil {
				yield("", fmt.Errorf("listing records: %w", err))
				return
			}
			if !yield(key, nil) {
				return
			}
		}
	}
}

// query lists the keys of one partition that begin with prefix, sorted.
func (s *Store) query(ctx context.Context, partition, prefix string) iter.Seq2[string, error] {
	in := &dynamodb.QueryInput{
		TableName: &s.table, ConsistentRead: aws.Bool(true),
		ProjectionExpression:      aws.String("sk"),
		KeyConditionExpression:    aws.String("pk = :pk"),
		ExpressionAttributeValues: item{":pk": &types.AttributeValueMemberS{Value: partition}},
	}
	if prefix != "" { // DynamoDB refuses an empty one
		in.KeyConditionExpression = aws.String("pk = :pk AND begins_with(sk, :prefix)")
		in.ExpressionAttributeValues[":prefix"] = &types.AttributeValueMemberS{Value: prefix}
	}
	if s.pageSize > 0 {
		in.Limit = &s.pageSize
	}
	return func(yield func(string, error) bool) {
		pages := dynamodb.NewQueryPaginator(s.client, in)
		for pages.HasMorePages() {
			keys, err := s.page(ctx, pages)
			for _, key := range keys {
				if !yield(key, nil) {
					return
				}
			}
			if err != nil {
				yield("", err)
				return
			}
		}
	}
}

// page fetches the keys of the next page.
func (s *Store) page(ctx context.Context, pages *dynamodb.QueryPaginator) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out, err := pages.NextPage(ctx)
	if err != nil {
		return nil, s.explain(ctx, err)
	}
	keys := make([]string, 0, len(out.Items))
	for _, it := range out.Items {
		sk, ok := it["sk"].(*types.AttributeValueMemberS)
		if !ok {
			return keys, errors.New("the answer holds an item without sk")
		}
		keys = append(keys, sk.Value)
	}
	return keys, nil
}

// merge makes one sorted list of sorted lists. It ends at the first error.
func merge(lists []iter.Seq2[string, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var heads []head
		for _, list := range lists {
			next, stop := iter.Pull2(list)
			defer stop()
			heads = advance(heads, head{next: next})
		}
		for len(heads) > 0 {
			least := 0
			for i, h := range heads {
				if h.err != nil || heads[least].err == nil && h.key < heads[least].key {
					least = i
				}
			}
			h := heads[least]
			if !yield(h.key, h.err) || h.err != nil {
				return
			}
			heads[least] = heads[len(heads)-1]
			heads = advance(heads[:len(heads)-1], h)
		}
	}
}

// head is the first of what is left of a list.
type head struct {
	key  string
	err  error
	next func() (string, error, bool)
}

// advance adds the next of h's list to heads, unless it is at its end.
func advance(heads []head, h head) []head {
	var ok bool
	if h.key, h.err, ok = h.next(); ok {
		heads = append(heads, h)
	}
	return heads
}
