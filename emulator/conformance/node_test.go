package conformance

import (
	"net"
	"net/http"
	"testing"

	"prowatch/emulator"
)

func TestTheNodeSDKAssumesARole(t *testing.T) {
	const arn = "qcs::cam::uin/100000000001:roleName/prowatch"
	port := listen(t, emulator.New(&emulator.Options{
		Accounts: map[string]string{"AKIDhub": "hub-key", "AKIDmember": "member-key"},
		Roles:    map[string]emulator.Role{arn: {Account: "AKIDmember", ExternalID: "ext:1"}},
		Rate:     -1,
	}))
	var assume, describes []call
	each(func(sign, method string) {
		assume = append(assume, call{
			Endpoint: "sts.localhost:" + port, Sign: sign, Method: method, ID: "AKIDhub", Key: "hub-key", Service: "sts", Action: "AssumeRole",
			Parameters: map[string]any{"RoleArn": arn, "RoleSessionName": "prowatch", "ExternalId": "ext:1", "DurationSeconds": 900},
		})
	})
	var got []outcome
	runNode(t, "sdk.js", assume, &got)
	for i, o := range got {
		c, ok := o.Response["Credentials"].(map[string]any)
		if !ok {
			t.Fatalf("%s %s: %+v", assume[i].Sign, assume[i].Method, o)
		}
		d := describe("tcss.localhost:"+port, assume[i].Sign, assume[i].Method)
		d.ID, d.Key, d.Token = c["TmpSecretId"].(string), c["TmpSecretKey"].(string), c["Token"].(string)
		describes = append(describes, d)
	}
	runNode(t, "sdk.js", describes, &got)
	for i, o := range got {
		trial{name: "temporary credentials"}.judge(t, describes[i], o)
	}
}

// The SDK signs a version 6 address with its brackets and without its port.
func TestTheNodeSDKOverVersion6(t *testing.T) {
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		missing(t, "this needs the address ::1: "+err.Error())
	}
	s := &http.Server{Handler: emulator.New(&emulator.Options{Rate: -1}), ReadHeaderTimeout: patience}
	go func() { _ = s.Serve(l) }() // It ends with http.ErrServerClosed.
	t.Cleanup(func() { _ = s.Close() })
	var calls []call
	each(func(sign, method string) { calls = append(calls, describe(l.Addr().String(), sign, method)) })
	var got []outcome
	runNode(t, "sdk.js", calls, &got)
	for i, o := range got {
		trial{name: "version 6"}.judge(t, calls[i], o)
	}
}

// One endpoint is enough for both services.
func TestTheNodeSDKAssumesARoleAtTheFirstServicesName(t *testing.T) {
	port := listen(t, emulator.New(&emulator.Options{Roles: map[string]emulator.Role{arn: {Account: emulator.DefaultSecretID}}, Rate: -1}))
	var calls []call
	for _, host := range []string{"127.0.0.1:", "tcss.localhost:"} {
		each(func(sign, method string) {
			c := describe(host+port, sign, method)
			c.Service, c.Action, c.Parameters = "sts", "AssumeRole", map[string]any{"RoleArn": arn, "RoleSessionName": "prowatch"}
			calls = append(calls, c)
		})
	}
	var got []outcome
	runNode(t, "sdk.js", calls, &got)
	for i, o := range got {
		if o.Response["Credentials"] == nil {
			t.Errorf("%s, %s, %s: %+v", calls[i].Endpoint, calls[i].Sign, calls[i].Method, o)
		}
	}
}
