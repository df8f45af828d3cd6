package functiontest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"unicode/utf8"
)

// site answers over HTTP in the function under test: what it was asked, with
// two cookies; a body that is no text with the same; /panic by a panic, and
// /figures with [figures].
func site() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Add("Set-Cookie", "a=1")
		w.Header().Add("Set-Cookie", "b=2")
		if !utf8.Valid(body) {
			w.Header().Set("Content-Type", "application/octet-stream")
			w.Write(body)
			return
		}
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprintf(w, "%s %s from %s: %s", r.Method, r.RequestURI, r.RemoteAddr, body)
	})
	mux.HandleFunc("/panic", func(http.ResponseWriter, *http.Request) { panic(Secret) })
	mux.HandleFunc("/figures", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(measure())
	})
	return mux
}

// figures are what a process holds.
type figures struct {
	Goroutines int
	Heap       uint64 // bytes in use after a collection
	Files      int    // file descriptors, 0 where they cannot be counted
}

func measure() figures {
	runtime.GC()
	runtime.GC() // frees what the first one finalised
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		files = nil
	}
	return figures{Goroutines: runtime.NumGoroutine(), Heap: m.HeapAlloc, Files: len(files)}
}
