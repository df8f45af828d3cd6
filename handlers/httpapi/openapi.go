package httpapi

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"net/http"
	"strings"
)

// openAPI describes the API; a test holds it against the routes and the answers.
//
//go:embed openapi.json
var openAPI string

func (c *call) getOpenAPI(w http.ResponseWriter) error {
	quote := func(s string) string {
		b, _ := json.Marshal(s) // of a text: it has no error
		return string(b)
	}
	document := strings.Replace(openAPI, `"url": "/"`, `"url": `+quote(cmp.Or(c.root(), "/")), 1)
	document = strings.Replace(document, `"version": "0"`, `"version": `+quote(cmp.Or(c.Version, "0")), 1)
	return c.cached(w, "application/json", []byte(document))
}
