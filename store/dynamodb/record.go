package dynamodb

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"prowatch/watch"
)

// The conditions of a write.
const (
	isMissing = "attribute_not_exists(pk)"
	isVersion = "version = :expected"
)

// Load implements [watch.Store].
func (s *Store) Load(ctx context.Context, key string) ([]byte, string, error) {
	data, version, err := s.load(ctx, key)
	if err != nil {
		return nil, "", loading(key, err)
	}
	return data, version, nil
}

func (s *Store) load(ctx context.Context, key string) ([]byte, string, error) {
	k, err := itemKey(key)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, "", err
	}
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.table, Key: k, ConsistentRead: aws.Bool(true)})
	switch {
	case err != nil:
		return nil, "", s.explain(ctx, err)
	case out.Item == nil:
		return nil, "", watch.ErrNotFound
	}
	return decode(out.Item)
}

// Save implements [watch.Store].
func (s *Store) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	version, err := s.draw()
	if err == nil {
		err = s.save(ctx, key, data, expected, version)
	}
	if err != nil {
		return "", fmt.Errorf("saving record %.80q: %w", key, err)
	}
	return version, nil
}

func (s *Store) save(ctx context.Context, key string, data []byte, expected, version string) error {
	it, err := encode(key, data, version)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	in := &dynamodb.PutItemInput{
		TableName: &s.table, Item: it, ConditionExpression: aws.String(isMissing),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	if expected != "" {
		in.ConditionExpression = aws.String(isVersion)
		in.ExpressionAttributeValues = expecting(expected)
	}
	_, err = s.client.PutItem(ctx, in)
	var refused *types.ConditionalCheckFailedException
	if !errors.As(err, &refused) {
		return s.explain(ctx, err)
	}
	return judge(refused.Item, version)
}

// judge says why a save was refused: nil if the item that it met is its own
// work, of an attempt whose answer was lost.
func judge(met item, mine string) error {
	if len(met) == 0 {
		return watch.ErrConflict
	}
	_, version, err := decode(met)
	switch {
	case err != nil:
		return err
	case version == mine:
		return nil
	}
	return watch.ErrConflict
}

// Delete implements [watch.Store].
func (s *Store) Delete(ctx context.Context, key, expected string) error {
	if err := s.delete(ctx, key, expected); err != nil {
		return fmt.Errorf("deleting record %.80q: %w", key, err)
	}
	return nil
}

func (s *Store) delete(ctx context.Context, key, expected string) error {
	k, err := itemKey(key)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	in := &dynamodb.DeleteItemInput{
		TableName: &s.table, Key: k, ConditionExpression: aws.String(isVersion),
		ExpressionAttributeValues:           expecting(expected),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	attempts := s.session.Attempts()
	_, err = s.client.DeleteItem(ctx, in, func(o *dynamodb.Options) { o.Retryer = attempts })
	var refused *types.ConditionalCheckFailedException
	switch {
	case !errors.As(err, &refused):
		return s.explain(ctx, err)
	case len(refused.Item) > 0:
		return watch.ErrConflict
	case attempts.Unsure(): // gone, by an attempt whose answer was lost
		return nil
	}
	return watch.ErrNotFound
}

func expecting(version string) item {
	return item{":expected": &types.AttributeValueMemberS{Value: version}}
}
