package tcss

import (
	"strings"
	"testing"

	"prowatch/watch"
)

func TestMendSaysWhatToDo(t *testing.T) {
	for _, tt := range []struct {
		f    watch.Failure
		want string
	}{
		{watch.Failure{Class: watch.Denied, Code: "AuthFailure.SecretIdNotFound"}, "secret_id"},
		{watch.Failure{Class: watch.Denied, Code: "AuthFailure.SignatureFailure"}, "secret_key"},
		{watch.Failure{Class: watch.Denied, Code: "AuthFailure.SignatureExpire"}, "clock"},
		{watch.Failure{Class: watch.Denied, Code: "AuthFailure.TokenFailure"}, "temporary"},
		{watch.Failure{Class: watch.Denied, Code: "AuthFailure.UnauthorizedOperation"}, "tcss:DescribeProVersionInfo"},
		{watch.Failure{Class: watch.Denied, Code: "UnauthorizedOperation.Cam"}, "tcss:DescribeProVersionInfo"},
		{watch.Failure{Class: watch.Denied, Code: "AuthFailure.New"}, "enabled"},
		{watch.Failure{Class: watch.Denied, Code: "InternalError.ErrRoleNotExist"}, "service role"},
		{watch.Failure{Class: watch.Unavailable, Code: "InternalError.MainDBFail"}, "Tencent Cloud's side"},
		{watch.Failure{Class: watch.Throttled, Code: "RequestLimitExceeded.UinLimitExceeded"}, "20 requests a second"},
		{watch.Failure{Class: watch.Rejected, Code: "NoSuchVersion"}, "endpoint and site"},
		{watch.Failure{Class: watch.Rejected, Code: "InvalidParameter"}, "proxy"},
		{watch.Failure{Class: watch.Unreadable}, "prowatch describe"},
		{watch.Failure{Class: watch.Denied, Message: "secret_key is empty"}, "secret_key"},
		{watch.Failure{Class: watch.Unavailable, Message: "HTTP 503"}, "network"},
		{watch.Failure{Class: watch.Denied, Message: getting + "there is no file x"}, "source of the key"},
		{watch.Failure{Class: watch.Denied, Code: "UnauthorizedOperation", Message: getting + assuming + "r: no"}, "trust policy"},
		{watch.Failure{Class: watch.Denied, Code: "AuthFailure.SecretIdNotFound", Message: getting + assuming + "r: no"}, "secret_id"},
		{watch.Failure{Class: watch.Rejected, Code: "InvalidParameter.ParamError", Message: getting + assuming + "r: no"}, "external_id"},
		{watch.Failure{Class: watch.Unavailable, Message: getting + assuming + "r: no answer"}, "network"},
		{watch.Failure{Class: watch.Denied, Code: "AuthFailure.UnauthorizedOperation", Message: listing + "no"}, "organization:DescribeOrganizationMembers"},
		{watch.Failure{Class: watch.Unavailable, Code: "New"}, "network"},
	} {
		if got := Mend(&tt.f); !strings.Contains(got, tt.want) || !strings.HasSuffix(got, ".") {
			t.Errorf("Mend(%v): got %q, want …%s….", &tt.f, got, tt.want)
		}
	}
	if got := Mend(nil); got != "" {
		t.Errorf("Mend(nil): got %q", got)
	}
}
