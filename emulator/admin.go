package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

const (
	// adminRoot is where the admin API begins.
	adminRoot = "/_emulator/"
	// maxAdminBody is how much JSON it takes, in bytes.
	maxAdminBody = 4 << 20
)

// adminRoute is one operation. Its result is answered as JSON.
type adminRoute struct {
	method, path string // path as http.ServeMux has it, below adminRoot
	serve        func(r *http.Request) (any, error)
}

// adminError is an error with its status and how to mend it.
type adminError struct {
	status int
	text   string
	mend   string
}

func (e *adminError) Error() string { return e.text }

// adminHandler returns the admin API.
func (e *Emulator) adminHandler() http.Handler {
	mux := http.NewServeMux()
	methods := map[string][]string{}
	for _, rt := range e.adminRoutes() {
		methods[rt.path] = append(methods[rt.path], rt.method)
		mux.HandleFunc(rt.method+" "+adminRoot+rt.path, func(w http.ResponseWriter, r *http.Request) {
			v, err := rt.serve(r)
			writeAdmin(w, v, err)
		})
	}
	for path, ms := range methods {
		mux.HandleFunc(adminRoot+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", strings.Join(ms, ", "))
			writeAdmin(w, nil, &adminError{http.StatusMethodNotAllowed, r.Method + " is not an operation here", "use " + strings.Join(ms, " or ")})
		})
	}
	e.pageRoutes(mux)
	paths := slices.Sorted(maps.Keys(methods))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeAdmin(w, nil, &adminError{http.StatusNotFound, "there is nothing at this path", "below " + adminRoot + " there are " + strings.Join(paths, ", ")})
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := e.trespass(r); err != nil {
			if err.status == http.StatusUnauthorized && wantsPage(r) {
				e.writeLogin(w, r, err.status, "")
				return
			}
			writeAdmin(w, nil, err)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// document is a result of an operation that is not JSON.
type document struct {
	contentType string
	body        []byte
}

// writeAdmin writes a result, or an error with its mend.
func writeAdmin(w http.ResponseWriter, v any, err error) {
	status := http.StatusOK
	if err != nil {
		ae := asAdminError(err)
		status = ae.status
		v = map[string]string{"error": ae.text, "mend": ae.mend}
	}
	d, ok := v.(document)
	if !ok {
		var b bytes.Buffer
		_ = json.Indent(&b, encode(v), "", "  ") // What encode gives is JSON.
		b.WriteByte('\n')
		d = document{"application/json", b.Bytes()}
	}
	w.Header().Set("Content-Type", d.contentType)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(d.body) // The client may have left; there is no one to tell.
}

// asAdminError gives an error of the Go methods its status and mend.
func asAdminError(err error) *adminError {
	var ae *adminError
	switch {
	case errors.As(err, &ae):
		return ae
	case errors.Is(err, ErrNoAccount):
		return &adminError{http.StatusNotFound, err.Error(), "use one of the accounts, see GET " + adminRoot + "accounts"}
	case errors.Is(err, ErrNothing):
		return &adminError{http.StatusConflict, err.Error(), "let a client ask for DescribeProVersionInfo first"}
	}
	return &adminError{http.StatusBadRequest, err.Error(), "change the value and send it again; nothing was set"}
}

// read decodes the body of r, which must be one JSON value of the form of T,
// without unknown keys.
func read[T any](r *http.Request, form string) (T, error) {
	return readAs(r, form, decode[T])
}

// readItems is read for a list.
func readItems[T any](r *http.Request, form string) ([]T, error) {
	return readAs(r, form, decodeItems[T])
}

func readAs[T any](r *http.Request, form string, as func([]byte) (T, error)) (v T, err error) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxAdminBody))
	if err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			return v, &adminError{http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is over %d bytes", maxAdminBody), "send less"}
		}
		return v, &adminError{http.StatusBadRequest, "the body broke off", "send it again"}
	}
	if v, err = as(body); err != nil {
		return v, &adminError{http.StatusBadRequest, err.Error(), "send JSON such as " + form}
	}
	return v, nil
}
