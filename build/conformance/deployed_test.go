package conformance

import (
	"archive/zip"
	"bytes"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"prowatch/function/functiontest"
	"prowatch/store/storetest/server"
)

// TestTheFunctionRemembersInTheStacksTable runs what is in the zip with what the
// template sets, woken as its schedule wakes it.
func TestTheFunctionRemembersInTheStacksTable(t *testing.T) {
	needPlatform(t, "amd64 arm64")
	unpacked := unpack(t, "lambda")
	m := moto{t, server.Moto(t)}
	table := m.createStack(expand(t))["TableName"]
	watcher := at(newStack(t, read(t, "template.yaml"), object{"TableName": table}).resources, "Watcher", "Properties")
	env, _ := lapsing(t)
	env["PROWATCH_STATE"] = text(watcher, "Environment", "Variables", "PROWATCH_STATE")
	env["AWS_ENDPOINT_URL"] = m.url
	for _, name := range []string{"AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		env[name] = credentials(name)
	}
	in := functiontest.StartLambdaFile(t, filepath.Join(unpacked, text(watcher, "Handler")), assignments(env)...)
	tick := functiontest.Invocation{Event: text(watcher, "Events", "Tick", "Properties", "Input"), RequestID: "req-1", Deadline: time.Now().Add(time.Minute)}
	for _, want := range []string{`"checked":1,"failed":0,"skipped":0,"notices":2,"sent":2,`, `"checked":1,"failed":0,"skipped":0,"notices":0,"sent":0,`} {
		if got := in.Invoke(t, tick); !strings.Contains(got.Payload, want) {
			t.Errorf("got %+v, want %s", got, want)
		}
	}
	if log := in.Process().Stderr(); !strings.Contains(log, `"source":"aws.scheduler"`) || strings.Contains(log, `"level":"ERROR"`) {
		t.Errorf("the log is\n%s\nwant runs by the scheduler", log)
	}
}

// TestThePackagedZipIsTheBuilds uploads as the guide does it without SAM. A zip
// that the tool made anew would lack the mode of the binary on some systems.
func TestThePackagedZipIsTheBuilds(t *testing.T) {
	aws := tool(t, "aws", "https://aws.amazon.com/cli")
	m := moto{t, server.Moto(t)}
	m.call("s3", http.MethodPut, "/my-bucket", "")
	dir := t.TempDir()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	if _, err := w.Create("bootstrap"); err != nil {
		t.Fatal(err)
	}
	err := errors.Join(w.Close(), os.Mkdir(filepath.Join(dir, "dist"), 0o700),
		os.WriteFile(filepath.Join(dir, "template.yaml"), []byte(read(t, "template.yaml")), 0o600),
		os.WriteFile(filepath.Join(dir, "dist", "lambda.zip"), buf.Bytes(), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), aws, "cloudformation", "package", "--template-file", "template.yaml", "--s3-bucket", "my-bucket", "--output-template-file", "packaged.yaml")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+m.url, "AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret", "AWS_DEFAULT_REGION=us-east-1")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	packaged, err := os.ReadFile(filepath.Join(dir, "packaged.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	uploaded := regexp.MustCompile(`CodeUri: s3:/(/my-bucket/\w+)`).FindSubmatch(packaged)
	if uploaded == nil {
		t.Fatal("the packaged template names no upload")
	}
	if got := m.call("s3", http.MethodGet, string(uploaded[1]), ""); !bytes.Equal(got, buf.Bytes()) {
		t.Errorf("%d bytes were uploaded, want the zip of %d as it is", len(got), buf.Len())
	}
}
