package cos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/tencentyun/cos-go-sdk-v5"

	"prowatch/store/remote"
)

// maxObject is the largest object that is read, in bytes; records are a few KB.
const maxObject = 64 << 20

var (
	errExists    = errors.New("the object exists")
	errMissing   = errors.New("no such object")
	errTruncated = errors.New("the answer was cut short or comes from somebody else")
)

// get returns what the named object holds, or errMissing.
func (s *Store) get(ctx context.Context, name string) (entry, error) {
	var content []byte
	_, err := s.try(ctx, func(ctx context.Context) error {
		resp, err := s.client.Object.Get(ctx, name, nil)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		content, err = io.ReadAll(io.LimitReader(resp.Body, maxObject))
		return err
	})
	if codeOf(err) == "NoSuchKey" {
		return entry{}, errMissing
	}
	if err != nil {
		return entry{}, s.explain(ctx, err)
	}
	e, err := decode(content)
	if err != nil {
		return entry{}, fmt.Errorf("the object %s %w", name, err)
	}
	return e, nil
}

// create makes the named object, which must not exist: else it is errExists.
func (s *Store) create(ctx context.Context, name string, e entry) error {
	unsure, err := s.put(ctx, name, encode(e), http.Header{"X-Cos-Forbid-Overwrite": {"true"}})
	if codeOf(err) != "FileAlreadyExists" {
		return s.explain(ctx, err)
	}
	if unsure { // it may be this one
		there, err := s.get(ctx, name)
		if err != nil {
			return err
		}
		if there.token == e.token {
			return nil
		}
	}
	return errExists
}

func (s *Store) put(ctx context.Context, name string, content []byte, header http.Header) (unsure bool, err error) {
	return s.try(ctx, func(ctx context.Context) error {
		_, err := s.client.Object.Put(ctx, name, bytes.NewReader(content), &cos.ObjectPutOptions{
			ObjectPutHeaderOptions: &cos.ObjectPutHeaderOptions{ContentType: "application/octet-stream", XOptionHeader: &header},
		})
		return err
	})
}

// A page is a part of a list.
type page struct {
	objects  []cos.Object
	prefixes []string  // what the names up to the delimiter are
	next     string    // the marker of the next page, "" after the last
	at       time.Time // by the clock of COS; zero if it did not say
}

// list returns the names that begin with prefix and come after marker, at most
// limit, grouped by delimiter unless that is "".
func (s *Store) list(ctx context.Context, prefix, delimiter, marker string, limit int) (page, error) {
	var p page
	_, err := s.try(ctx, func(ctx context.Context) error {
		result, resp, err := s.client.Bucket.Get(ctx, &cos.BucketGetOptions{Prefix: prefix, Delimiter: delimiter, Marker: marker, MaxKeys: limit})
		switch {
		case err != nil:
			return err
		case result.XMLName.Local == "", result.IsTruncated && result.NextMarker <= marker:
			return errTruncated // an empty answer would be an empty bucket
		}
		p = page{objects: result.Contents, prefixes: result.CommonPrefixes}
		if result.IsTruncated {
			p.next = result.NextMarker
		}
		p.at, _ = http.ParseTime(resp.Header.Get("Date")) // zero is told
		return nil
	})
	return p, s.explain(ctx, err)
}

// remove removes objects, at most 1000.
func (s *Store) remove(ctx context.Context, names []string) error {
	objects := make([]cos.Object, len(names))
	for i, name := range names {
		objects[i].Key = name
	}
	var kept *cos.ObjectDeleteMultiResult
	_, err := s.try(ctx, func(ctx context.Context) (err error) {
		kept, _, err = s.client.Object.DeleteMulti(ctx, &cos.ObjectDeleteMultiOptions{Quiet: true, Objects: objects})
		return err
	})
	if err != nil {
		return s.explain(ctx, err)
	}
	if len(kept.Errors) > 0 {
		return fmt.Errorf("%d of %d objects were kept, the first for %.80s", len(kept.Errors), len(names), kept.Errors[0].Code)
	}
	return nil
}

// check refuses a bucket that has or had versioning. It asks once.
func (s *Store) check(ctx context.Context) error {
	if s.checked.Load() {
		return nil
	}
	var status string
	_, err := s.try(ctx, func(ctx context.Context) error {
		result, _, err := s.client.Bucket.GetVersioning(ctx)
		if err == nil && result.XMLName.Local == "" {
			err = errTruncated
		}
		status = result.Status
		return err
	})
	if err != nil {
		return fmt.Errorf("asking for the bucket's versioning: %w", s.explain(ctx, err))
	}
	if status != "" {
		return fmt.Errorf("the bucket %s has versioning (%s), with which COS overwrites records whatever it is told, and which cannot be undone: name a bucket that never had it", s.bucket, status)
	}
	s.checked.Store(true)
	return nil
}

func (s *Store) try(ctx context.Context, f func(context.Context) error) (unsure bool, err error) {
	return remote.Try(ctx, judge, f)
}
