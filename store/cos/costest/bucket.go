package costest

import (
	"encoding/xml"
	"fmt"
	"hash/crc64"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Bucket is an [http.Handler]. Its fields may be set until the first request.
type Bucket struct {
	SecretID, SecretKey string // of whoever may use it
	Token               string // that must come along, "" for none

	// Now is the time by which objects are dated and signatures judged. It
	// defaults to time.Now.
	Now func() time.Time

	// Versioning is "", "Enabled" or "Suspended". With the latter two nothing
	// forbids to overwrite, as in COS.
	Versioning string

	// ListLag is how long lists do not show what was written or removed.
	ListLag time.Duration

	// PageSize, if not 0, is how many names a list holds at most, less than
	// the 1000 of COS.
	PageSize int

	mu      sync.Mutex
	objects map[string]object
	removed map[string]object // that lists may still show
}

type object struct {
	content  []byte
	modified time.Time
	removed  time.Time
}

// Names returns the names of the objects, sorted.
func (b *Bucket) Names() (names []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for name := range b.objects {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Put writes an object from behind, as the console would.
func (b *Bucket) Put(name, content string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.write(name, []byte(content))
}

// Remove removes an object from behind.
func (b *Bucket) Remove(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.remove(name)
}

func (b *Bucket) write(name string, content []byte) {
	if b.objects == nil {
		b.objects, b.removed = map[string]object{}, map[string]object{}
	}
	b.objects[name] = object{content: content, modified: b.now()}
}

func (b *Bucket) remove(name string) {
	if o, ok := b.objects[name]; ok {
		o.removed = b.now()
		b.removed[name] = o
		delete(b.objects, name)
	}
}

func (b *Bucket) now() time.Time {
	if b.Now == nil {
		return time.Now()
	}
	return b.Now()
}

// ServeHTTP answers a request.
func (b *Bucket) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	header := http.Header{} // the SDK writes Content-MD5, which is not canonical
	for name, values := range req.Header {
		header[http.CanonicalHeaderKey(name)] = values
	}
	req = req.Clone(req.Context())
	req.Header = header
	w.Header().Set("Date", b.now().UTC().Format(http.TimeFormat))
	w.Header().Set("x-cos-request-id", "costest")
	if code, text := b.authorize(req); code != "" {
		fail(w, http.StatusForbidden, code, text)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	name, query := strings.TrimPrefix(req.URL.Path, "/"), req.URL.Query()
	switch {
	case name != "" && len(query) != 0:
		fail(w, http.StatusNotImplemented, "NotImplemented", "an object with parameters")
	case name != "" && req.Method == http.MethodGet:
		b.get(w, name)
	case name != "" && req.Method == http.MethodPut:
		b.put(w, req, name, body)
	case name == "" && req.Method == http.MethodGet && query.Has("versioning"):
		answer(w, versioning{Status: b.Versioning})
	case name == "" && req.Method == http.MethodGet:
		b.list(w, query)
	case name == "" && req.Method == http.MethodPost && query.Has("delete"):
		b.deleteMany(w, req, body)
	default:
		fail(w, http.StatusMethodNotAllowed, "MethodNotAllowed", req.Method+" "+req.URL.String())
	}
}

func (b *Bucket) get(w http.ResponseWriter, name string) {
	o, ok := b.objects[name]
	if !ok {
		fail(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
		return
	}
	w.Write(o.content)
}

// put writes an object. https://www.tencentcloud.com/document/product/436/7749
func (b *Bucket) put(w http.ResponseWriter, req *http.Request, name string, content []byte) {
	if req.ContentLength != int64(len(content)) {
		fail(w, http.StatusLengthRequired, "MissingContentLength", "no Content-Length")
		return
	}
	_, exists := b.objects[name]
	if exists && req.Header.Get("x-cos-forbid-overwrite") == "true" && b.Versioning == "" {
		fail(w, http.StatusConflict, "FileAlreadyExists", "The object exists.")
		return
	}
	b.write(name, content)
	w.Header().Set("x-cos-hash-crc64ecma", strconv.FormatUint(crc64.Checksum(content, crc64.MakeTable(crc64.ECMA)), 10))
}

type versioning struct {
	XMLName xml.Name `xml:"VersioningConfiguration"`
	Status  string   `xml:",omitempty"`
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/xml")
	text, err := xml.Marshal(v)
	if err != nil {
		fail(w, http.StatusInternalServerError, "InternalError", err.Error())
		return
	}
	fmt.Fprintf(w, "%s%s", xml.Header, text)
}

// fail answers an error. https://www.tencentcloud.com/document/product/436/7730
func fail(w http.ResponseWriter, status int, code, text string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "%s<Error><Code>%s</Code><Message>", xml.Header, code)
	xml.EscapeText(w, []byte(text))
	fmt.Fprint(w, "</Message><RequestId>costest</RequestId></Error>")
}
