// Package awsclient is what the stores on AWS have in common: whom they call
// and as whom, how often they try, and what they say when it fails.
//
// It stands in for the SDK's config package, which costs a cold start 4 ms and
// 2 MB for sources of credentials that a function has no use for. Region,
// endpoint and credentials come from the state's URL and the environment:
//
//	AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
//	AWS_REGION, AWS_DEFAULT_REGION
//	AWS_ENDPOINT_URL, and AWS_ENDPOINT_URL_<SERVICE> before it
//
// Profiles in ~/.aws, single sign-on and the roles of containers and machines
// are not read; the error for missing credentials says how to export them.
package awsclient
