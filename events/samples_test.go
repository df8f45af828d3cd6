package events_test

import (
	"net/http"
	"net/url"

	"prowatch/events"
)

const (
	lambdaHost = "abcdefghijklmnop.lambda-url.us-east-1.on.aws"
	apiHost    = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"
	albHost    = "lb-1.us-east-1.elb.amazonaws.com"
	scfHost    = "1250000000-abcdefghij.ap-singapore.tencentscf.com"
	apigwHost  = "service-f94sy04v-1250000000.gz.apigw.tencentcs.com"
	restID     = "deef4878-7910-11e6-8f14-25afc3e9ae33"
	apigwID    = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
	urlID      = "f1b2c3d4-0000-4000-8000-000000000000"
	since      = "2026-11-01T00:00:00+08:00"
)

// requests are the requests in samples.
var requests = map[string]*events.Request{
	"scf-function-url": {Source: events.SCFURL, Method: "GET", Path: "/healthz", Host: scfHost, SourceIP: "203.0.113.7",
		Query: url.Values{}, Header: http.Header{"User-Agent": {"curl/8.5.0"}, "X-Scf-Remote-Addr": {"203.0.113.7"}}},
	"scf-function-url-post": {Source: events.SCFURL, Method: "POST", Path: "/api/v1/accounts/acme-prod/mute", Host: scfHost, SourceIP: "203.0.113.7",
		Query: url.Values{"dry": {""}, "label": {"a", "b c"}, "limit": {"10"}},
		Header: http.Header{"Authorization": {"Bearer none"}, "Content-Length": {"42"}, "Content-Type": {"application/json"}, "Cookie": {"session=none; lang=zh"},
			"X-Forwarded-For": {"10.0.0.1, 203.0.113.9"}, "X-Scf-Remote-Addr": {"203.0.113.7"}},
		Body: []byte(`{"until":"2026-12-01","reason":"续费 <b>"}`)},
	"scf-api-gateway": {Source: events.SCFGateway, Method: "GET", Path: "/healthz", Prefix: "/release/prowatch", Host: apigwHost, SourceIP: "203.0.113.7", ID: apigwID,
		Query: url.Values{"since": {"2026-11-01", "2026-11-02"}, "limit": {"10"}, "all": {""}}, Header: http.Header{"User-Agent": {"curl/8.5.0"}}},
	"scf-api-gateway-post": {Source: events.SCFGateway, Method: "POST", Path: "/api/v1/check", Prefix: "/release/prowatch", Host: apigwHost, SourceIP: "203.0.113.7", ID: apigwID,
		Query: url.Values{}, Header: http.Header{"Content-Type": {"application/octet-stream"}}, Body: []byte{0, 1, 255}},
	"aws-rest-api": {Source: events.AWSREST, Method: "GET", Path: "/api/v1/accounts", Prefix: "/prod", Host: apiHost, SourceIP: "203.0.113.7", ID: restID,
		Query: url.Values{}, Header: http.Header{"Accept": {"*/*"}}},
	"aws-rest-api-post": {Source: events.AWSREST, Method: "POST", Path: "/api/v1/check", Prefix: "/prod", Host: apiHost, SourceIP: "2001:db8::7", ID: restID,
		Query:  url.Values{"account": {"acme-prod", "acme test"}, "deep": {""}},
		Header: http.Header{"Content-Type": {"application/octet-stream"}, "Cookie": {"a=1", "b=2"}, "X-Label": {"one", "two"}}, Body: []byte{0, 1, 255}},
	"aws-rest-api-domain": {Source: events.AWSREST, Method: "GET", Path: "/api/v1/accounts/acme-prod", Prefix: "/licences", Host: "watch.example.com", SourceIP: "203.0.113.7", ID: restID,
		Query: url.Values{}, Header: http.Header{"Accept": {"*/*"}}},
	"aws-http-api": {Source: events.AWSHTTP, Method: "GET", Path: "/api/v1/accounts", Host: apiHost, SourceIP: "203.0.113.7", ID: "JKJaXmPLvHcESHA=",
		Query: url.Values{}, Header: http.Header{"Accept": {"*/*"}, "Cookie": {"session=none"}}},
	"aws-http-api-stage": {Source: events.AWSHTTP, Method: "GET", Path: "/api/v1/notices", Prefix: "/dev", Host: apiHost, SourceIP: "203.0.113.7", ID: "JKJaXmPLvHcESHA=",
		Query:  url.Values{"account": {"acme-prod", "acme test"}, "since": {since}, "all": {""}},
		Header: http.Header{"Accept": {"application/json,text/html"}, "Cookie": {"session=none; lang=zh"}, "X-Forwarded-For": {"203.0.113.7"}}},
	"aws-http-api-v1": {Source: events.AWSREST, Method: "GET", Path: "/healthz", Prefix: "/dev", Host: apiHost, SourceIP: "203.0.113.7", ID: "JKJaXmPLvHcESHA=",
		Query: url.Values{}, Header: http.Header{"Accept": {"*/*"}}},
	"aws-function-url": {Source: events.AWSURL, Method: "GET", Path: "/healthz", Host: lambdaHost, SourceIP: "203.0.113.7", ID: urlID,
		Query: url.Values{}, Header: http.Header{"Accept": {"*/*"}}},
	"aws-function-url-post": {Source: events.AWSURL, Method: "POST", Path: "/api/v1/accounts/acme-prod/mute", Host: lambdaHost, SourceIP: "203.0.113.7", ID: urlID,
		Query:  url.Values{"reason": {"a b", "c"}},
		Header: http.Header{"Content-Type": {"application/json"}, "Cookie": {"session=none"}, "X-Forwarded-For": {"203.0.113.7"}}, Body: []byte(`{"for":"1d"}`)},
	"aws-alb": {Source: events.AWSALB, Method: "GET", Path: "/healthz", Host: albHost, SourceIP: "203.0.113.7",
		Query: url.Values{}, Header: http.Header{"Accept": {"*/*"}, "X-Forwarded-For": {"203.0.113.7"}}},
	"aws-alb-multi": {Source: events.AWSALB, Method: "GET", Path: "/api/v1/notices", Host: albHost, SourceIP: "203.0.113.7", MultiValue: true,
		Query: url.Values{"account": {"acme-prod", "acme test"}, "since": {since}},
		Header: http.Header{"Accept": {"*/*"}, "Cookie": {"a=1", "b=2"}, "X-Amzn-Trace-Id": {"Root=1-5c34e7d4-00ca239424b68028d4c56d68"},
			"X-Forwarded-For": {"198.51.100.1, 203.0.113.7"}, "X-Forwarded-Proto": {"https"}}},
}

const queueARN = "arn:aws:sqs:us-east-1:123456789012:prowatch-accounts"

// batches are the batches in samples, with no Err; faults has those.
var (
	batches = map[string]events.Batch{
		"aws-sqs": {Source: events.AWSQueue, Name: queueARN, Messages: []events.Message{
			{ID: "19dd0b57-b21e-4ac1-bd88-01bbb068cb78", Accounts: []string{"acme-prod"}}}},
		"aws-sqs-batch": {Source: events.AWSQueue, Name: queueARN, Messages: []events.Message{
			{ID: "00000000-0000-4000-8000-000000000001", Accounts: []string{"acme-prod", "acme-test"}},
			{ID: "00000000-0000-4000-8000-000000000002"},
			{ID: "00000000-0000-4000-8000-000000000003"},
			{ID: "00000000-0000-4000-8000-000000000004", Accounts: []string{"acme-prod"}}}},
		"aws-sqs-sweep": {Source: events.AWSQueue, Name: queueARN, Messages: []events.Message{
			{ID: "19dd0b57-b21e-4ac1-bd88-01bbb068cb78", Accounts: []string{"acme-prod"}, Sweep: part},
			{ID: "19dd0b57-b21e-4ac1-bd88-01bbb068cb79", Tell: true}}},
		"scf-ckafka": {Source: events.SCFCKafka, Name: "prowatch-accounts", Messages: []events.Message{
			{ID: "prowatch-accounts/1/36", Accounts: []string{"acme-prod"}}}},
		"scf-ckafka-bad": {Source: events.SCFCKafka, Name: "prowatch-accounts", Messages: []events.Message{
			{ID: "prowatch-accounts/1/37", Accounts: []string{"acme-prod"}},
			{ID: "prowatch-accounts/1/38"}}},
	}
	faults = map[string]string{
		"00000000-0000-4000-8000-000000000002": "decoding event: the message is no JSON object",
		"00000000-0000-4000-8000-000000000003": `decoding event: the message: a direct call has no key "acounts" (did you mean "accounts"?)`,
		"prowatch-accounts/1/38":               "decoding event: the message is no JSON object",
	}
)
