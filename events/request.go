package events

import (
	"net/http"
	"net/url"
)

// The sources of a [Request].
const (
	SCFURL     = "scf.url"        // a function URL of SCF
	SCFGateway = "scf.apigateway" // Tencent API Gateway, or TSE in its place
	AWSREST    = "aws.rest"       // a REST API, or an HTTP API with payloads of version 1.0
	AWSHTTP    = "aws.http"       // an HTTP API
	AWSURL     = "aws.url"        // a Lambda function URL
	AWSALB     = "aws.alb"        // an application load balancer
)

// A Request is an HTTP request, whichever gateway it came through.
// [Request.Answer] writes the answer as that gateway wants it.
type Request struct {
	Source string // [SCFURL], [SCFGateway], [AWSREST], [AWSHTTP], [AWSURL] or [AWSALB]
	Method string

	// Path is decoded and clean: it begins with a slash, and has no empty
	// segment, no "." and no "..". An encoded slash is a slash, for some
	// gateways decode before they hand on. The gateway's stage and base path
	// are not in it.
	Path string

	// Prefix is what the caller has before Path in the URL, such as "/prod"; ""
	// where that is nothing, or the event does not tell, as of the mapping of
	// an HTTP API's own domain.
	Prefix string

	Query  url.Values  // never nil; a key without a value has the value ""
	Header http.Header // never nil; keys are canonical; without Host
	Host   string
	Body   []byte // decoded from base64

	// SourceIP is the caller's address as the gateway saw it, "" if it did not
	// say. It is no word of the caller's own.
	SourceIP string

	ID string // the gateway's id of the request, "" if it gave none

	// MultiValue says that an ALB's target group uses multi-value headers, and
	// wants them in the answer.
	MultiValue bool
}
