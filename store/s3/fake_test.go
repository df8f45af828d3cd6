package s3_test

import (
	"crypto/md5"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// fake answers as S3 does the few requests that the store makes of the bucket
// "bucket". That it answers the same is shown by the suite, which runs on it and
// on versitygw and moto.
type fake struct {
	mu      sync.Mutex
	objects map[string][]byte
	reverse bool // lists from the end, as no S3 but a directory bucket may
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	name := strings.TrimPrefix(r.URL.Path, "/")
	content, exists := f.objects[name]
	match := r.Header.Get("If-Match")
	switch {
	case !strings.HasPrefix(r.Host, "bucket."):
		refuse(w, http.StatusNotFound, "NoSuchBucket")
	case name == "":
		f.list(w, r)
	case match != "" && !exists, r.Method == http.MethodGet && !exists:
		refuse(w, http.StatusNotFound, "NoSuchKey")
	case match != "" && !matches(match, etag(content)), r.Header.Get("If-None-Match") == "*" && exists:
		refuse(w, http.StatusPreconditionFailed, "PreconditionFailed")
	case r.Method == http.MethodGet:
		w.Header().Set("ETag", etag(content))
		w.Write(content)
	case r.Method == http.MethodPut:
		f.put(w, r, name)
	case r.Method == http.MethodDelete:
		delete(f.objects, name)
		w.WriteHeader(http.StatusNoContent)
	}
}

func etag(content []byte) string { return fmt.Sprintf(`"%x"`, md5.Sum(content)) }

// matches reports whether one of the entity tags of an If-Match is the object's.
func matches(header, etag string) bool {
	for tag := range strings.SplitSeq(header, ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || tag == etag {
			return true
		}
	}
	return false
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>refused</Message></Error>", code)
}

func (f *fake) put(w http.ResponseWriter, r *http.Request, name string) {
	content, err := io.ReadAll(r.Body)
	if err != nil {
		refuse(w, http.StatusBadRequest, "IncompleteBody")
		return
	}
	if f.objects == nil {
		f.objects = map[string][]byte{}
	}
	f.objects[name] = content
	w.Header().Set("ETag", etag(content))
}

func (f *fake) list(w http.ResponseWriter, r *http.Request) {
	type contents struct{ Key string }
	var out struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string
		Contents              []contents
	}
	q := r.URL.Query()
	var names []string
	for name := range f.objects {
		if strings.HasPrefix(name, q.Get("prefix")) && name > q.Get("continuation-token") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if f.reverse {
		slices.Reverse(names)
	}
	if n, err := strconv.Atoi(q.Get("max-keys")); err == nil && len(names) > n {
		names = names[:n]
		out.IsTruncated, out.NextContinuationToken = true, names[n-1]
	}
	for _, name := range names {
		out.Contents = append(out.Contents, contents{name})
	}
	xml.NewEncoder(w).Encode(out)
}
