package emulator_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"prowatch/emulator"
)

func TestTheClientSignsEachWay(t *testing.T) {
	opts := withRole()
	e, c := emulator.Start(t, &opts)
	c.Region = "ap-singapore"
	eachWay(t, func(t *testing.T, sign, method string) {
		c := c
		c.Sign, c.Method = sign, method
		got, err := c.Call(t.Context(), "DescribeProVersionInfo", nil)
		if err != nil || got["BuyStatus"] != "Normal" {
			t.Errorf("answer = %v, %v", got, err)
		}
		got, err = c.Call(t.Context(), "AssumeRole", map[string]any{
			"RoleArn": roleARN, "RoleSessionName": "a+b c&d", "ExternalId": "ext-1", "DurationSeconds": 60,
			"Tags": []any{map[string]any{"Key": "k", "Value": "ü"}},
		})
		var refused *emulator.APIError
		if !errors.As(err, &refused) || refused.Code != "InvalidParameter.ParamError" || refused.RequestID == "" {
			t.Errorf("a session name with blanks: %v, %v; want it signed right and refused", got, err)
		}
	})
	for _, x := range e.Requests() {
		if !x.Signing.Verified {
			t.Errorf("not verified: %+v", x)
		}
	}
}

func TestTheClientsErrorsHoldNoSecret(t *testing.T) {
	e, c := emulator.Start(t, &emulator.Options{Accounts: map[string]string{"AKIDx": "key-secret"}, Tokens: map[string]string{"AKIDx": "token-secret"}})
	c.Sign, c.Method = "HmacSHA1", "GET"
	faults := []emulator.Fault{{Drop: true, Times: 2}, {HTTP: 503, Body: "busy"}, {Body: "<html>"}}
	if err := e.SetFaults("AKIDx", faults...); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		_, err := c.Call(t.Context(), "DescribeProVersionInfo", nil)
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("error = %v, want one without a secret", err)
		}
	}
	c.Now = func() time.Time { return time.Now().Add(-time.Hour) }
	_, err := c.Call(t.Context(), "DescribeProVersionInfo", nil)
	var refused *emulator.APIError
	if !errors.As(err, &refused) || refused.Code != "AuthFailure.SignatureExpire" {
		t.Errorf("error = %v, want AuthFailure.SignatureExpire", err)
	}
}
