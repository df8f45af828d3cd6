package s3_test

import (
	"net/http"
	"os"
	"testing"

	"prowatch/store/s3"
	"prowatch/store/storetest/crowd"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

func TestACrowdTellsEachNoticeOnce(t *testing.T) {
	var f http.RoundTripper
	renew := func() { f = server.InMemory(new(fake)) }
	renew()
	crowd.Run(t, crowd.Options{Renew: renew, Open: func(t *testing.T) watch.Store { return open(t, "s3://bucket", f) }})
}

func TestACrowdTellsEachNoticeOnceOnVersityGW(t *testing.T) {
	gw := server.VersityGW(t, os.Getenv, "bucket")
	as := func(o *s3.Options) { o.Getenv = user(gw.AccessKey, gw.SecretKey) }
	crowd.Run(t, crowd.Options{Short: true, Open: func(t *testing.T) watch.Store {
		return open(t, "s3://bucket?path_style=true&endpoint="+gw.URL, nil, as)
	}})
}
