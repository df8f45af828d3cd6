package events

import "strings"

// untaken names the kind of an event that is known but not taken, "" for any
// other.
func (o *object) untaken() string {
	switch {
	case o.has("Records"):
		return o.queue()
	case o.has("httpMethod"), o.has("requestContext"):
		return o.request()
	}
	return ""
}

// isAuthorizer reports whether an API gateway asks who its caller may be:
// methodArn comes in payloads of version 1, routeArn of version 2.
func (o *object) isAuthorizer() bool {
	kind := o.text("type")
	return (kind == "REQUEST" || kind == "TOKEN") && (o.has("methodArn") || o.has("routeArn"))
}

// request names the way an HTTP request came.
func (o *object) request() string {
	c := o.object("requestContext")
	switch {
	case c.has("connectionId"):
		return "a WebSocket message of AWS API Gateway"
	case c.has("elb"):
		return "an HTTP request of an AWS load balancer (ALB)"
	case c.has("http") && strings.Contains(c.text("domainName"), ".lambda-url."):
		return "an HTTP request of a Lambda function URL"
	case c.has("http"):
		return "an HTTP request of an AWS HTTP API"
	case c.has("resourcePath"):
		return "an HTTP request of an AWS REST API"
	case c.has("serviceId"):
		return "an HTTP request of a Tencent API Gateway"
	case o.has("httpMethod") && !o.has("requestContext"):
		return "an HTTP request of an SCF function URL"
	}
	return ""
}

// queue names the queue that a batch came from.
func (o *object) queue() string {
	r, err := parseObject(o.first("Records"))
	switch {
	case err != nil:
		return ""
	case r.text("eventSource") == "aws:sqs":
		return "a batch of an SQS queue"
	case r.has("Ckafka"):
		return "a batch of a CKafka topic"
	}
	return ""
}
