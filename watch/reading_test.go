package watch_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"prowatch/watch"
)

func TestWhatTheAPIDocumentsIsRead(t *testing.T) {
	r, err := watch.DecodeReading([]byte(`{"EndTime":"2021-05-01 00:00:00","CoresCnt":1,"MaxPostPayCoresCnt":1,"StartTime":"2021-05-31 00:00:00",
		"ResourceId":"xx","BuyStatus":"Normal","IsPurchased":false,"RequestId":"yy"}`))
	want := watch.Reading{RequestID: "yy", Edition: watch.Edition{Status: watch.Normal, StartTime: "2021-05-31 00:00:00",
		EndTime: "2021-05-01 00:00:00", ResourceID: "xx", CoresCnt: 1, MaxPostPayCoresCnt: 1}}
	if err != nil || r != want {
		t.Errorf("got %+v, %v\nwant %+v", r, err, want)
	}
}

func TestAbsentIsAbsentHoweverItIsWritten(t *testing.T) {
	want := watch.Reading{Edition: watch.Edition{Status: watch.Pending}}
	for _, response := range []string{
		`{"BuyStatus":"Pending"}`,
		`{"BuyStatus":"Pending","EndTime":null,"StartTime":null,"ResourceId":null,"CoresCnt":null,"IsPurchased":null,"RequestId":null}`,
		`{"BuyStatus":"Pending","EndTime":"","StartTime":"0000-00-00 00:00:00","ResourceId":""}`,
		`{"BuyStatus":"Pending","Unknown":[1]}`,
	} {
		if r, err := watch.DecodeReading([]byte(response)); err != nil || r != want {
			t.Errorf("%s: got %+v, %v", response, r, err)
		}
	}
}

func TestWhatCannotBeReadIsUnreadable(t *testing.T) {
	for _, tt := range []struct{ response, field string }{
		{`{}`, "BuyStatus"},
		{`null`, "Response"},
		{`[]`, "Response"},
		{`{"BuyStatus":"normal"}`, "BuyStatus"},
		{`{"buystatus":"Normal"}`, "BuyStatus"},
		{`{"BuyStatus":1}`, "BuyStatus"},
		{`{"BuyStatus":"Normal","CoresCnt":-1}`, "CoresCnt"},
		{`{"BuyStatus":"Normal","CoresCnt":1.5}`, "CoresCnt"},
		{`{"BuyStatus":"Normal","CoresCnt":"5"}`, "CoresCnt"},
		{`{"BuyStatus":"Normal","CoresCnt":99999999999999999999}`, "CoresCnt"},
		{`{"BuyStatus":"Normal","MaxPostPayCoresCnt":true}`, "MaxPostPayCoresCnt"},
		{`{"BuyStatus":"Normal","IsPurchased":"yes"}`, "IsPurchased"},
		{`{"BuyStatus":"Normal","IsPurchased":1}`, "IsPurchased"},
		{`{"BuyStatus":"Normal","EndTime":"next year"}`, "EndTime"},
		{`{"BuyStatus":"Normal","EndTime":"2026-02-30 00:00:00"}`, "EndTime"},
		{`{"BuyStatus":"Normal","EndTime":"2026-03-01 00:00:00.5"}`, "EndTime"},
		{`{"BuyStatus":"Normal","EndTime":"2026-03-01T00:00:00"}`, "EndTime"},
		{`{"BuyStatus":"Normal","StartTime":17}`, "StartTime"},
		{`{"BuyStatus":"Normal","ResourceId":"` + strings.Repeat("x", 300) + `"}`, "ResourceId"},
	} {
		_, err := watch.DecodeReading([]byte(tt.response))
		var f *watch.Failure
		if !errors.As(err, &f) || f.Class != watch.Unreadable || !strings.Contains(f.Message, tt.field) {
			t.Errorf("%.60s: got %v, want unreadable for %s", tt.response, err, tt.field)
		}
	}
}

func FuzzDecodeReading(f *testing.F) {
	f.Add([]byte(`{"BuyStatus":"Normal","EndTime":"2026-03-01 00:00:00","CoresCnt":3}`))
	f.Add([]byte(`{"BuyStatus":"Isolate","EndTime":null}`))
	f.Fuzz(func(t *testing.T, response []byte) {
		r, err := watch.DecodeReading(response)
		if err != nil {
			return
		}
		for _, text := range []string{r.StartTime, r.EndTime} {
			if _, err := watch.ParseTime(text, time.UTC); err != nil {
				t.Errorf("a reading holds %q, which is no time", text)
			}
		}
		pol := watch.DefaultPolicy()
		rec, _ := watch.Step(watch.NewRecord("acme"), watch.Observation{At: origin, Reading: r}, &pol)
		if _, err := rec.Encode(); err != nil {
			t.Errorf("a reading makes a record that cannot be kept: %v", err)
		}
	})
}

func TestEachCodeHasItsClass(t *testing.T) {
	for code, want := range map[string]watch.Class{
		"AuthFailure.SecretIdNotFound":          watch.Denied,
		"AuthFailure":                           watch.Denied,
		"UnauthorizedOperation":                 watch.Denied,
		"InternalError.ErrRoleNotExist":         watch.Denied,
		"RequestLimitExceeded":                  watch.Throttled,
		"RequestLimitExceeded.UinLimitExceeded": watch.Throttled,
		"InvalidParameter.ParsingError":         watch.Rejected,
		"InvalidParameterValue":                 watch.Rejected,
		"MissingParameter":                      watch.Rejected,
		"UnknownParameter":                      watch.Rejected,
		"UnsupportedRegion":                     watch.Rejected,
		"InvalidAction":                         watch.Rejected,
		"NoSuchVersion":                         watch.Rejected,
		"InternalError":                         watch.Unavailable,
		"InternalError.MainDBFail":              watch.Unavailable,
		"ResourceUnavailable":                   watch.Unavailable,
		"":                                      watch.Unavailable,
	} {
		if got := watch.ClassOf(code); got != want {
			t.Errorf("%s is %s, want %s", code, got, want)
		}
	}
}

func TestDurationsAreReadAndWritten(t *testing.T) {
	for text, want := range map[string]string{"7d": "7d", "36h": "36h", "48h": "2d", "90m": "90m", "60m": "1h", "45s": "45s", "0": "0s", "1h30m": "90m"} {
		d, err := watch.ParseDuration(text)
		if err != nil || d.String() != want {
			t.Errorf("%s: got %s, %v, want %s", text, d, err, want)
		}
	}
	for _, text := range []string{"", "7", "-1h", "-1d", "1.5d", "d", "99999999d", "1w"} {
		if d, err := watch.ParseDuration(text); err == nil {
			t.Errorf("%q was read as %s", text, d)
		}
	}
}

func TestRoutesDecide(t *testing.T) {
	rs := watch.Routes{
		{Match: watch.Match{Severity: []watch.Severity{watch.Critical}, Labels: map[string]string{"team": "sec"}}, Channels: []string{"pager", "sec"}, Continue: true},
		{Match: watch.Match{Type: []string{"expiry.*"}, Account: []string{"acme-*"}}, Channels: []string{"sec", "buyers"}},
		{Channels: []string{"all"}},
	}
	sec := map[string]string{"team": "sec"}
	for _, tt := range []struct {
		name string
		n    watch.Notice
		want string
	}{
		{"the default takes what nothing matches", watch.Notice{Type: watch.StatusChanged, Severity: watch.Info, Account: "acme-1"}, "all"},
		{"a match ends the search", watch.Notice{Type: watch.ExpiryReached, Severity: watch.Warning, Account: "acme-1"}, "sec buyers"},
		{"continue looks on, and a channel is named once", watch.Notice{Type: watch.ExpiryReached, Severity: watch.Critical, Account: "acme-1", Labels: sec}, "pager sec buyers"},
		{"every label must match", watch.Notice{Type: watch.StatusChanged, Severity: watch.Critical, Account: "x"}, "all"},
	} {
		if got := strings.Join(rs.Channels(&tt.n), " "); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}
