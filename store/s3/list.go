package s3

import (
	"context"
	"fmt"
	"iter"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// List implements [watch.Store]. It holds a page of names in memory at a time.
// Objects whose names no key has are passed over; a record that is torn is
// yielded.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		last := ""
		for key, err := range s.keys(ctx, prefix) {
			if err == nil && key <= last {
				err = fmt.Errorf("bucket %s: the server lists %.80q after %.80q: a directory bucket has no order, use a general purpose one", s.bucket, key, last)
			}
			if err != nil {
				yield("", fmt.Errorf("listing records: %w", err))
				return
			}
			if !yield(key, nil) {
				return
			}
			last = key
		}
	}
}

func (s *Store) keys(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if !isSafe(prefix) { // so is no key
			return
		}
		in := &s3.ListObjectsV2Input{Bucket: &s.bucket, Prefix: aws.String(s.prefix + prefix), EncodingType: types.EncodingTypeUrl}
		if s.pageSize > 0 {
			in.MaxKeys = &s.pageSize
		}
		pages := s3.NewListObjectsV2Paginator(s.client, in)
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
func (s *Store) page(ctx context.Context, pages *s3.ListObjectsV2Paginator) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out, err := pages.NextPage(ctx)
	if err != nil {
		return nil, s.explain(ctx, err)
	}
	keys := make([]string, 0, len(out.Contents))
	for _, object := range out.Contents {
		name := aws.ToString(object.Key)
		if out.EncodingType == types.EncodingTypeUrl {
			name, _ = url.QueryUnescape(name) // "" is no key
		}
		if key, ok := s.key(name); ok {
			keys = append(keys, key)
		}
	}
	return keys, nil
}
