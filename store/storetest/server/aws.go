package server

import (
	"net/http"
	"os/exec"
	"testing"
)

// Moto starts moto_server, an emulator of AWS in Python, empty, and returns its
// URL. It takes a second. Any credentials will do. It comes with the machine or
// not at all, so that a test which must run somewhere needs another server, too.
func Moto(t *testing.T) (url string) {
	t.Helper()
	path, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip("this needs moto_server in the PATH: pip install 'moto[server]'")
	}
	addr := freeAddr(t)
	host, port := split(t, addr)
	run(t, exec.Command(path, "-H", host, "-p", port))
	awaitHTTP(t, "http://"+addr+"/moto-api/")
	return "http://" + addr
}

// S3 is an S3 server and the credentials that it knows.
type S3 struct {
	URL, AccessKey, SecretKey string
}

// VersityGW starts versitygw, an S3 server on a folder, with these buckets. It
// takes 0.1 s. getenv is asked for PROWATCH_CI.
func VersityGW(t *testing.T, getenv func(string) string, buckets ...string) S3 {
	t.Helper()
	path, err := exec.LookPath("versitygw")
	if err != nil {
		missing(t, getenv, "versitygw in the PATH: CGO_ENABLED=0 go install github.com/versity/versitygw/cmd/versitygw@v1.8.0")
	}
	s := S3{AccessKey: "versity-user", SecretKey: "versity-secret"}
	dir := t.TempDir()
	makeFolders(t, dir, buckets)
	addr := freeAddr(t)
	run(t, exec.Command(path, "--port", addr, "--access", s.AccessKey, "--secret", s.SecretKey, "--quiet", "posix", dir))
	s.URL = "http://" + addr
	awaitHTTP(t, s.URL+"/")
	return s
}

// awaitHTTP waits until the server answers, whatever it says.
func awaitHTTP(t *testing.T, url string) {
	t.Helper()
	client := &http.Client{Timeout: patience}
	await(t, url, func() error {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		return resp.Body.Close()
	})
}
