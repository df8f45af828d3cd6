package tcss

import (
	"strings"
	"testing"
)

func TestEndpoint(t *testing.T) {
	for _, tt := range []struct {
		text, site string
		allow      bool
		want       string // URL
	}{
		{"", "", false, "https://tcss.intl.tencentcloudapi.com"},
		{"", "intl", false, "https://tcss.intl.tencentcloudapi.com"},
		{"", "cn", false, "https://tcss.tencentcloudapi.com"},
		{"tcss.ap-singapore.tencentcloudapi.com", "", false, "https://tcss.ap-singapore.tencentcloudapi.com"},
		{"Gateway.Example.com:8443", "cn", false, "https://gateway.example.com:8443"},
		{"https://gateway.example.com/", "", false, "https://gateway.example.com"},
		{"https://gateway.example.com/tc/", "", false, "https://gateway.example.com/tc"},
		{"HTTP://127.0.0.1:9900", "", false, "http://127.0.0.1:9900"},
		{"http://127.9.9.9", "", false, "http://127.9.9.9"},
		{"http://[::1]:9900", "", false, "http://[::1]:9900"},
		{"http://localhost:9900", "", false, "http://localhost:9900"},
		{"http://tcss.localhost:9900", "", false, "http://tcss.localhost:9900"},
		{"http://emulator:9900", "", true, "http://emulator:9900"},
	} {
		e, err := parseEndpoint(tt.text, tt.site, tt.allow)
		if got := e.scheme + "://" + e.host + e.path; err != nil || got != tt.want {
			t.Errorf("parseEndpoint(%q, %q): got %s, %v, want %s", tt.text, tt.site, got, err, tt.want)
		}
	}
}

func TestEndpointsThatAreRefused(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"http://emulator:9900", "use https://"},
		{"http://10.0.0.1", "use https://"},
		{"http://127.0.0.1.example.com", "use https://"},
		{"http://notlocalhost", "use https://"},
		{"ftp://example.com", "use https"},
		{"https://", "names no host"},
		{"https://:443", "names no host"},
		{"exämple.com", "names no host"},
		{"example.com:99999", "use 1 to 65535"},
		{"example.com:0x1", "cannot be read"},
		{"::1", "cannot be read"},
		{"https://u:KeyCanary4f1d8b6a@example.com", "leave them out"},
		{"https://example.com?key=KeyCanary4f1d8b6a", "leave them out"},
		{"https://u:KeyCanary4f1d8b6a%zz@example.com", "cannot be read"},
		{"a b", "cannot be read"},
	} {
		_, err := New(Options{Credentials: Static(testKey), Endpoint: tt.text})
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "KeyCanary") {
			t.Errorf("endpoint %q: got %v, want …%s…", tt.text, err, tt.want)
		}
	}
}
