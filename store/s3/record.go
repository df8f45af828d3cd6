package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"prowatch/watch"
)

// object is a record as it is read.
type object struct {
	data           []byte
	token, version string
}

// Load implements [watch.Store].
func (s *Store) Load(ctx context.Context, key string) ([]byte, string, error) {
	name, err := s.begin(ctx, key)
	var o object
	if err == nil {
		o, err = s.get(ctx, name)
	}
	if err != nil {
		return nil, "", fmt.Errorf("loading record %.80q: %w", key, err)
	}
	return o.data, o.version, nil
}

// begin returns the name of the key's object, unless ctx has ended.
func (s *Store) begin(ctx context.Context, key string) (name string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	return s.name(key)
}

func (s *Store) get(ctx context.Context, name string) (object, error) {
	out, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: &name})
	switch {
	case code(err) == noKey:
		return object{}, watch.ErrNotFound
	case err != nil:
		return object{}, s.explain(ctx, err)
	}
	defer out.Body.Close()
	content, err := read(out.Body)
	if err != nil {
		return object{}, s.explain(ctx, err)
	}
	data, token, err := decode(content)
	if err != nil {
		return object{}, fmt.Errorf("the object s3://%s/%s %w", s.bucket, name, err)
	}
	version, err := s.version(out.ETag)
	return object{data, token, version}, err
}

// version returns the version that an ETag is.
func (s *Store) version(etag *string) (string, error) {
	version := strings.Trim(aws.ToString(etag), `"`)
	if !isVersion(version) {
		return "", fmt.Errorf("bucket %s: the server gives no proper ETag: use S3, or another server", s.bucket)
	}
	return version, nil
}

// isVersion reports whether text can be an ETag, and nothing more when it stands
// in a header between quotes.
func isVersion(text string) bool {
	const more = "+=:"
	return text != "" && strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune(safe+more, r) }) < 0
}

// Save implements [watch.Store].
func (s *Store) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	name, err := s.begin(ctx, key)
	version := ""
	if err == nil {
		version, err = s.put(ctx, name, data, expected)
	}
	if err != nil {
		return "", fmt.Errorf("saving record %.80q: %w", key, err)
	}
	return version, nil
}

func (s *Store) put(ctx context.Context, name string, data []byte, expected string) (version string, err error) {
	token, err := s.draw()
	if err != nil {
		return "", err
	}
	in := &s3.PutObjectInput{Bucket: &s.bucket, Key: &name, Body: bytes.NewReader(encode(data, token))}
	switch {
	case expected == "":
		in.IfNoneMatch = aws.String("*")
	case isVersion(expected):
		in.IfMatch = aws.String(`"` + expected + `"`)
	default: // no version of this store
		return "", watch.ErrConflict
	}
	attempts := s.session.Attempts()
	out, err := s.client.PutObject(ctx, in, func(o *s3.Options) { o.Retryer = attempts })
	switch {
	case err == nil:
		return s.version(out.ETag)
	case !isRefusal(code(err)):
		return "", s.explain(ctx, err)
	case attempts.Unsure():
		return s.judge(ctx, name, token)
	}
	return "", watch.ErrConflict
}

// judge returns the version of the object if that is the work of the writer with
// the token, of an attempt whose answer was lost.
func (s *Store) judge(ctx context.Context, name, token string) (version string, err error) {
	o, err := s.get(ctx, name)
	switch {
	case errors.Is(err, watch.ErrNotFound):
		return "", watch.ErrConflict
	case err != nil:
		return "", err
	case o.token != token:
		return "", watch.ErrConflict
	}
	return o.version, nil
}

// Delete implements [watch.Store].
func (s *Store) Delete(ctx context.Context, key, expected string) error {
	name, err := s.begin(ctx, key)
	if err == nil {
		err = s.remove(ctx, name, expected)
	}
	if err != nil {
		return fmt.Errorf("deleting record %.80q: %w", key, err)
	}
	return nil
}

// remove looks first, since servers differ in what they say of a missing object,
// and the version may be none.
func (s *Store) remove(ctx context.Context, name, expected string) error {
	o, err := s.get(ctx, name)
	switch {
	case err != nil:
		return err
	case o.version != expected:
		return watch.ErrConflict
	}
	attempts := s.session.Attempts()
	in := &s3.DeleteObjectInput{Bucket: &s.bucket, Key: &name, IfMatch: aws.String(`"` + expected + `"`)}
	_, err = s.client.DeleteObject(ctx, in, func(o *s3.Options) { o.Retryer = attempts })
	switch {
	case err == nil:
		return nil
	case !isRefusal(code(err)):
		return s.explain(ctx, err)
	}
	_, err = s.get(ctx, name)
	switch {
	case err == nil:
		return watch.ErrConflict
	case errors.Is(err, watch.ErrNotFound) && attempts.Unsure(): // gone, by an attempt whose answer was lost
		return nil
	}
	return err
}
