package events

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// A requestReader reads an HTTP request from an event and its context. It keeps
// the first fault.
type requestReader struct {
	*Request
	event, context *object
	err            error
}

// decodeRequest reads an HTTP request, whichever gateway handed it on.
func decodeRequest(o *object) (Event, *DecodeError) {
	c := o.object("requestContext")
	if c.has("connectionId") {
		return nil, refuse("a WebSocket message of AWS API Gateway is not taken")
	}
	r := requestReader{event: o, context: &c, Request: &Request{
		Source: sourceOf(o, &c), Header: http.Header{}, Query: url.Values{}}}
	switch r.Source {
	case AWSHTTP, AWSURL:
		r.readVersion2()
	case AWSREST:
		r.readREST()
	case AWSALB:
		r.readALB()
	case SCFGateway:
		r.readSCFGateway()
	case SCFURL:
		r.readSCFURL()
	default:
		return nil, o.unknown()
	}
	r.readBody()
	r.setHost()
	if r.err == nil && !isToken(r.Method) {
		r.err = errors.New("its method is none")
	}
	if r.err != nil {
		return nil, &DecodeError{"an HTTP request (" + r.Source + "): " + r.err.Error()}
	}
	return r.Request, nil
}

// sourceOf tells by its shape which way a request came, "" for none known.
func sourceOf(o, c *object) string {
	switch {
	case c.has("elb"):
		return AWSALB
	case c.has("http") && strings.Contains(c.text("domainName"), ".lambda-url."):
		return AWSURL
	case c.has("http"):
		return AWSHTTP
	case c.has("resourcePath"):
		return AWSREST
	case !o.has("httpMethod"):
		return ""
	case len(c.keys) == 0:
		return SCFURL
	case c.has("serviceId"), o.has("queryString"):
		return SCFGateway
	}
	return ""
}

// readVersion2 reads payloads of version 2.0, those of HTTP APIs and function
// URLs, https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html.
func (r *requestReader) readVersion2() {
	web := r.context.object("http")
	r.Method, r.ID = web.text("method"), r.context.text("requestId")
	r.SourceIP = address(web.text("sourceIp"))
	r.each(r.event, "headers", r.addHeader)
	r.Query, _ = url.ParseQuery(r.event.text("rawQueryString")) // what cannot be read is left out
	if cookies := r.list("cookies"); len(cookies) > 0 {
		r.addHeader("Cookie", strings.Join(cookies, "; "))
	}
	full := r.path(r.event, "rawPath")
	_, route, _ := strings.Cut(r.event.text("routeKey"), " ")
	stage := r.context.text("stage")
	base := r.routeBase(full, route, stage)
	r.Path = without(full, base)
	if strings.Contains(r.context.text("domainName"), ".execute-api.") {
		r.Prefix = base
	}
}

// readREST reads payloads of version 1.0, those of REST APIs. On the API's own
// domain the stage is in the context's path alone; on a domain with a base path
// that is in both.
func (r *requestReader) readREST() {
	identity := r.context.object("identity")
	r.Method, r.ID = r.event.text("httpMethod"), r.context.text("requestId")
	r.SourceIP = address(identity.text("sourceIp"))
	r.readEither("multiValueHeaders", "headers", r.addHeader)
	r.readEither("multiValueQueryStringParameters", "queryStringParameters", r.Query.Add)
	full, public := r.path(r.event, "path"), cleanPath(r.context.text("path"))
	stage := ""
	if public == full {
		stage = r.context.text("stage")
	}
	r.Path = without(full, r.routeBase(full, r.event.text("resource"), stage))
	if base, ok := baseOf(public, r.Path); ok {
		r.Prefix = base
	}
}

// readALB reads what a load balancer hands on,
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html.
// It does not decode the query.
func (r *requestReader) readALB() {
	r.Method, r.Path = r.event.text("httpMethod"), r.path(r.event, "path")
	r.MultiValue = r.event.has("multiValueHeaders")
	r.readEither("multiValueHeaders", "headers", r.addHeader)
	r.readEither("multiValueQueryStringParameters", "queryStringParameters", func(name, value string) {
		r.Query.Add(unescape(name), unescape(value))
	})
	r.SourceIP = lastHop(r.Header)
}

// readSCFGateway reads what Tencent API Gateway hands on. The path of the API,
// up to its first parameter, is the base path.
func (r *requestReader) readSCFGateway() {
	r.Method, r.ID = r.event.text("httpMethod"), r.context.text("requestId")
	r.SourceIP = address(r.context.text("sourceIp"))
	r.each(r.event, "headers", r.addHeader)
	r.each(r.event, "queryString", r.Query.Add)
	full := r.path(r.event, "path")
	api, _, _ := strings.Cut(r.context.text("path"), "{")
	base := strings.TrimSuffix(cleanPath(api), "/")
	if !strings.HasPrefix(full+"/", base+"/") {
		base = ""
	}
	r.Path = without(full, base)
	if host := r.Header.Get("Host"); strings.HasSuffix(host, ".tencentcs.com") || strings.HasSuffix(host, ".myqcloud.com") {
		r.Prefix = strings.TrimSuffix(cleanPath(r.context.text("stage")), "/") + base
	}
}

// readSCFURL reads what a function URL of SCF hands on,
// https://www.tencentcloud.com/document/product/583/69491.
func (r *requestReader) readSCFURL() {
	r.Method, r.Path = r.event.text("httpMethod"), r.path(r.event, "path")
	r.each(r.event, "headers", r.addHeader)
	r.each(r.event, "queryString", r.Query.Add)
	if r.SourceIP = address(r.Header.Get("X-Scf-Remote-Addr")); r.SourceIP == "" {
		r.SourceIP = lastHop(r.Header)
	}
}

func (r *requestReader) readBody() {
	body, err := r.event.optional("body")
	if err == nil && string(r.event.fields["isBase64Encoded"]) == "true" {
		r.Body, err = base64.StdEncoding.DecodeString(body)
		if err != nil {
			err = errors.New("its body is no base64")
		}
	} else if body != "" {
		r.Body = []byte(body)
	}
	r.fail(err)
}

// setHost moves the header Host to where net/http has it.
func (r *requestReader) setHost() {
	r.Host = r.Header.Get("Host")
	r.Header.Del("Host")
	if r.Host == "" {
		r.Host = r.context.text("domainName")
	}
}

func (r *requestReader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}
