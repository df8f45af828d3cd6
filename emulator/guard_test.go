package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"prowatch/emulator"
)

func TestTheAdminAPIIsForThisMachineAndItsOwnPage(t *testing.T) {
	for _, tt := range []struct {
		name, remote, host, origin string
		proxy                      string // a header that one adds
		token, with                string
		want                       int
	}{
		{name: "this machine", remote: "127.0.0.1:1", host: "127.0.0.1:9900", want: 200},
		{name: "this machine by name", remote: "127.0.0.1:1", host: "localhost:9900", want: 200},
		{name: "a name below localhost", remote: "[::1]:1", host: "tcss.localhost:9900", want: 200},
		{name: "version 6", remote: "[::1]:1", host: "[::1]:9900", want: 200},
		{name: "version 4 in 6", remote: "[::ffff:127.0.0.1]:1", host: "localhost", want: 200},
		{name: "its own page", remote: "127.0.0.1:1", host: "localhost:9900", origin: "http://localhost:9900", want: 200},
		{name: "another machine", remote: "192.0.2.1:1", host: "localhost:9900", want: 403},
		{name: "no address", remote: "", host: "localhost:9900", want: 403},
		{name: "a name pointed at this machine", remote: "127.0.0.1:1", host: "evil.example:9900", want: 403},
		{name: "a name that begins like it", remote: "127.0.0.1:1", host: "localhost.evil.example", want: 403},
		{name: "no host", remote: "127.0.0.1:1", host: "", want: 403},
		{name: "another site's page", remote: "127.0.0.1:1", host: "localhost:9900", origin: "https://evil.example", want: 403},
		{name: "another port's page", remote: "127.0.0.1:1", host: "localhost:9900", origin: "http://localhost:8080", want: 403},
		{name: "a page without an origin", remote: "127.0.0.1:1", host: "localhost:9900", origin: "null", want: 403},
		{name: "another machine with the token", remote: "192.0.2.1:1", host: "emulator:9900", token: "t0ken", with: "Bearer t0ken", want: 200},
		{name: "the token by another spelling of the scheme", remote: "192.0.2.1:1", host: "emulator:9900", token: "t0ken", with: "bearer t0ken", want: 200},
		{name: "a proxy on this machine", remote: "127.0.0.1:1", host: "localhost:9900", proxy: "X-Forwarded-For", want: 403},
		{name: "a proxy that tells the host", remote: "127.0.0.1:1", host: "localhost:9900", proxy: "X-Forwarded-Host", want: 403},
		{name: "a proxy by the standard", remote: "127.0.0.1:1", host: "localhost:9900", proxy: "Forwarded", want: 403},
		{name: "a proxy that tells the address", remote: "127.0.0.1:1", host: "localhost:9900", proxy: "X-Real-IP", want: 403},
		{name: "a proxy with the token", remote: "127.0.0.1:1", host: "localhost:9900", proxy: "X-Forwarded-For", token: "t0ken", with: "Bearer t0ken", want: 200},
		{name: "another machine with a wrong token", remote: "192.0.2.1:1", host: "emulator:9900", token: "t0ken", with: "Bearer other", want: 401},
		{name: "another machine without the token", remote: "192.0.2.1:1", host: "emulator:9900", token: "t0ken", want: 401},
		{name: "this machine without the token", remote: "127.0.0.1:1", host: "localhost:9900", token: "t0ken", want: 401},
		{name: "an empty bearer when there is no token", remote: "192.0.2.1:1", host: "emulator:9900", with: "Bearer ", want: 403},
		{name: "another site's page with the token", remote: "192.0.2.1:1", host: "emulator:9900", token: "t0ken", with: "Bearer t0ken", origin: "https://evil.example", want: 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := emulator.New(&emulator.Options{AdminToken: tt.token})
			r := httptest.NewRequest("POST", "/_emulator/reset", http.NoBody)
			r.RemoteAddr, r.Host = tt.remote, tt.host
			if tt.origin != "" {
				r.Header.Set("Origin", tt.origin)
			}
			if tt.proxy != "" {
				r.Header.Set(tt.proxy, "192.0.2.1")
			}
			if tt.with != "" {
				r.Header.Set("Authorization", tt.with)
			}
			w := httptest.NewRecorder()
			e.ServeHTTP(w, r)
			if w.Code != tt.want {
				t.Errorf("status = %d, want %d: %s", w.Code, tt.want, w.Body)
			}
		})
	}
}

func TestTheAPIItselfAnswersAnyMachine(t *testing.T) {
	e := atNoon(emulator.Options{})
	r := ask{}.tc3()
	r.RemoteAddr = "192.0.2.1:1"
	if got := send(t, e, r); got.err.Code != "" {
		t.Errorf("answer = %v", got.err)
	}
}
