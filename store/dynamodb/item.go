package dynamodb

import (
	"errors"
	"fmt"
	"hash/fnv"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const (
	// partitions is over how many partition keys the records are spread. It
	// is part of the format: with another number records are not found.
	partitions = 16

	// versionBytes is the length of a version before it is written as hex.
	versionBytes = 16

	// maxKey is the longest sort key, and maxItem the largest item, names of
	// attributes included, in bytes.
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
	maxKey  = 1024
	maxItem = 400 << 10
)

// tooLarge is the mend of a record over maxItem.
const tooLarge = "keep the state in S3, which has no such limit: s3://BUCKET"

// item is an item as DynamoDB takes it.
type item = map[string]types.AttributeValue

var errForeign = errors.New("is no record of prowatch: restore it from a backup, or delete it to start afresh")

// partition returns a partition key by its number.
func partition(n int) string { return fmt.Sprintf("prowatch-%02d", n) }

// itemKey returns the primary key of a record.
func itemKey(key string) (item, error) {
	switch {
	case key == "":
		return nil, errors.New("the key is empty")
	case len(key) > maxKey:
		return nil, fmt.Errorf("the key is too long: %d bytes, over the %d of DynamoDB: use a shorter id", len(key), maxKey)
	case !utf8.ValidString(key):
		return nil, errors.New("the key is not UTF-8")
	}
	h := fnv.New32a()
	h.Write([]byte(key))
	return item{
		"pk": &types.AttributeValueMemberS{Value: partition(int(h.Sum32() % partitions))},
		"sk": &types.AttributeValueMemberS{Value: key},
	}, nil
}

// encode returns the item of a record.
func encode(key string, data []byte, version string) (item, error) {
	it, err := itemKey(key)
	if err != nil {
		return nil, err
	}
	if data == nil {
		data = []byte{} // nil would be no value
	}
	it["version"] = &types.AttributeValueMemberS{Value: version}
	it["data"] = &types.AttributeValueMemberB{Value: data}
	if n := size(it); n > maxItem {
		return nil, fmt.Errorf("with its key it is %d bytes, over the %d (400 KB) of a DynamoDB item: %s", n, maxItem, tooLarge)
	}
	return it, nil
}

// size returns what DynamoDB counts: the bytes of names and values.
func size(it item) (n int) {
	for name, value := range it {
		n += len(name)
		switch v := value.(type) {
		case *types.AttributeValueMemberS:
			n += len(v.Value)
		case *types.AttributeValueMemberB:
			n += len(v.Value)
		}
	}
	return n
}

// decode returns the data and the version of an item.
func decode(it item) (data []byte, version string, err error) {
	d, okData := it["data"].(*types.AttributeValueMemberB)
	v, okVersion := it["version"].(*types.AttributeValueMemberS)
	if !okData || !okVersion || v.Value == "" {
		return nil, "", fmt.Errorf("the item %w", errForeign)
	}
	return d.Value, v.Value, nil
}
