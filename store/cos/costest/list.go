package costest

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxKeys is how many names a list holds, and a request removes, at most.
// https://www.tencentcloud.com/document/product/436/30614 and .../436/8289
const maxKeys = 1000

type listing struct {
	XMLName        xml.Name `xml:"ListBucketResult"`
	Name           string
	Prefix         string
	Marker         string
	Delimiter      string `xml:",omitempty"`
	MaxKeys        int
	IsTruncated    bool
	NextMarker     string      `xml:",omitempty"`
	CommonPrefixes []prefix    `xml:",omitempty"`
	Contents       []nameShown `xml:",omitempty"`
}

type prefix struct{ Prefix string }

type nameShown struct {
	Key, LastModified string
	Size              int
}

// list answers with names and, where there is a delimiter, with what several
// have in common up to it; both count. The marker is the last of a page.
func (b *Bucket) list(w http.ResponseWriter, query url.Values) {
	l := listing{Prefix: query.Get("prefix"), Marker: query.Get("marker"), Delimiter: query.Get("delimiter"), MaxKeys: b.limit(query.Get("max-keys"))}
	if l.MaxKeys < 1 || len(l.Delimiter) > 1 {
		fail(w, http.StatusBadRequest, "InvalidArgument", "max-keys or delimiter")
		return
	}
	shown := b.shown()
	for _, name := range sortedNames(shown) {
		rest, ok := strings.CutPrefix(name, l.Prefix)
		if !ok {
			continue
		}
		item := name
		if head, _, found := strings.Cut(rest, l.Delimiter); l.Delimiter != "" && found {
			item = l.Prefix + head + l.Delimiter
		}
		if item <= l.Marker || item == l.NextMarker {
			continue
		}
		if len(l.Contents)+len(l.CommonPrefixes) == l.MaxKeys {
			l.IsTruncated = true
			break
		}
		l.NextMarker = item
		if item == name {
			o := shown[name]
			l.Contents = append(l.Contents, nameShown{name, o.modified.UTC().Format("2006-01-02T15:04:05.000Z"), len(o.content)})
		} else {
			l.CommonPrefixes = append(l.CommonPrefixes, prefix{item})
		}
	}
	if !l.IsTruncated {
		l.NextMarker = ""
	}
	answer(w, l)
}

func (b *Bucket) limit(param string) int {
	n := maxKeys
	if param != "" {
		asked, err := strconv.Atoi(param)
		if err != nil {
			return 0
		}
		n = min(n, asked)
	}
	if b.PageSize > 0 {
		n = min(n, b.PageSize)
	}
	return n
}

// shown returns the objects as lists have them.
func (b *Bucket) shown() map[string]object {
	shown := map[string]object{}
	late := func(t time.Time) bool { return b.ListLag > 0 && b.now().Sub(t) < b.ListLag }
	for name, o := range b.removed {
		if late(o.removed) && !late(o.modified) {
			shown[name] = o
		}
	}
	for name, o := range b.objects {
		if !late(o.modified) {
			shown[name] = o
		}
	}
	return shown
}

func sortedNames(objects map[string]object) []string {
	names := make([]string, 0, len(objects))
	for name := range objects {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// deleteMany removes objects; one that is missing counts as removed.
// https://www.tencentcloud.com/document/product/436/8289
func (b *Bucket) deleteMany(w http.ResponseWriter, req *http.Request, body []byte) {
	var order struct {
		XMLName xml.Name `xml:"Delete"`
		Object  []struct{ Key string }
	}
	sum := md5.Sum(body)
	switch err := xml.Unmarshal(body, &order); {
	case req.Header.Get("Content-MD5") != base64.StdEncoding.EncodeToString(sum[:]):
		fail(w, http.StatusBadRequest, "InvalidDigest", "Content-MD5")
		return
	case err != nil, len(order.Object) == 0, len(order.Object) > maxKeys:
		fail(w, http.StatusBadRequest, "MalformedXML", "the objects to remove")
		return
	}
	for _, o := range order.Object {
		b.remove(o.Key)
	}
	answer(w, struct {
		XMLName xml.Name `xml:"DeleteResult"`
	}{})
}
