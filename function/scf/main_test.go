package main

import (
	"net/http/httptest"
	"testing"

	"prowatch/emulator"
	"prowatch/function/functiontest"
)

func TestMainWatchesALicence(t *testing.T) {
	e := emulator.New(nil)
	server := httptest.NewServer(e)
	defer server.Close()
	settings := functiontest.Settings(server.URL, emulator.DefaultSecretID, emulator.DefaultSecretKey, t.TempDir())
	isolate := func() {
		if err := e.SetEdition(emulator.DefaultSecretID, emulator.Edition{"BuyStatus": "Isolate"}); err != nil {
			t.Fatal(err)
		}
	}
	functiontest.RunMain(t, startSCF(t, functiontest.MainEnv+"=1"), settings, isolate)
}
