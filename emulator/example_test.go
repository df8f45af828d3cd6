package emulator_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	tcss "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/tcss/v20201101"

	"prowatch/emulator"
)

// A test starts an emulator, points the official SDK at it, and lets a month
// pass, and then something go wrong.
func Example() {
	e := emulator.New(nil)
	server := httptest.NewServer(e)
	defer server.Close()

	p := profile.NewClientProfile()
	p.HttpProfile.Scheme = "HTTP"
	p.HttpProfile.Endpoint = strings.TrimPrefix(server.URL, "http://")
	p.Language = "en-US"
	cred := common.NewCredential(emulator.DefaultSecretID, emulator.DefaultSecretKey)
	client, _ := tcss.NewClient(cred, "", p)

	january := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	_ = e.SetClock(emulator.Clock{Now: january})
	_ = e.SetTimeline(emulator.DefaultSecretID, emulator.Moment{
		At: january.AddDate(0, 1, 0), Edition: emulator.Edition{"BuyStatus": "Isolate"},
	})
	for _, now := range []time.Time{january, january.AddDate(0, 1, 0)} {
		_ = e.SetClock(emulator.Clock{Now: now})
		info, err := client.DescribeProVersionInfo(nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(now.Format(time.DateOnly), *info.Response.BuyStatus)
	}

	_ = e.SetFaults(emulator.DefaultSecretID, emulator.Fault{Code: "InternalError.MainDBFail"})
	_, err := client.DescribeProVersionInfo(nil)
	fmt.Println(strings.Split(err.Error(), ", RequestId")[0])

	requests := e.Requests()
	fmt.Println(len(requests), requests[0].Signing.Method)
	// Output:
	// 2026-01-01 Normal
	// 2026-02-01 Isolate
	// [TencentCloudSDKError] Code=InternalError.MainDBFail, Message=The database operation failed.
	// 3 TC3-HMAC-SHA256
}
