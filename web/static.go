package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// An asset is a file that pages load. Its name in links holds a hash of its
// content, so that a browser can keep it for ever.
type asset struct {
	name, hash, media string
	data              []byte
}

// assets are the links of a page's files.
type assets struct{ Style, Script, Icon string }

var assetFiles = sync.OnceValue(func() map[string]asset {
	all := map[string]asset{}
	for name, media := range map[string]string{
		"style.css": "text/css; charset=utf-8",
		"script.js": "text/javascript; charset=utf-8",
		"icon.svg":  "image/svg+xml",
	} {
		data, err := files.ReadFile("page/static/" + name)
		if err != nil {
			panic("web: " + err.Error()) // It is embedded.
		}
		sum := sha256.Sum256(data)
		all[name] = asset{name: name, hash: hex.EncodeToString(sum[:6]), media: media, data: data}
	}
	return all
})

// link returns the asset's address, with the hash before the ending.
func (a asset) link(base string) string {
	ext := path.Ext(a.name)
	return base + "/static/" + strings.TrimSuffix(a.name, ext) + "." + a.hash + ext
}

func assetsAt(base string) assets {
	all := assetFiles()
	return assets{Style: all["style.css"].link(base), Script: all["script.js"].link(base), Icon: all["icon.svg"].link(base)}
}

// Static serves the files that pages load, at /static/. They hold nothing that
// is secret and need no sign-in.
//
// Under the name that pages use a file never changes. Under any other hash, of
// a page that an older version wrote, and under none, it is the present one and
// is asked for again each time.
func Static() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		base := path.Base(r.URL.Path)
		ext := path.Ext(base)
		stem, hash, _ := strings.Cut(strings.TrimSuffix(base, ext), ".")
		a, ok := assetFiles()[stem+ext]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.media)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("ETag", `"`+a.hash+`"`)
		h.Set("Cache-Control", "no-cache")
		if hash == a.hash {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		http.ServeContent(w, r, a.name, time.Time{}, bytes.NewReader(a.data)) // answers If-None-Match
	})
}
