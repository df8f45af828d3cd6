package s3

import (
	"errors"
	"net/url"
	"strings"
)

// pathStyle is the parameter that this store has beside those of every AWS one.
const pathStyle = "path_style"

// place is what a state names.
type place struct {
	bucket    string
	prefix    string // "" or ends in "/"
	params    url.Values
	pathStyle bool
}

// parse reads a state. Its errors quote nothing that could be a password.
func parse(state string) (place, error) {
	rest, ok := strings.CutPrefix(state, "s3://")
	if !ok {
		return place{}, errors.New("the state does not begin with s3://: write s3://BUCKET/PREFIX")
	}
	path, query, _ := strings.Cut(rest, "?")
	bucket, prefix, _ := strings.Cut(path, "/")
	prefix = strings.Trim(prefix, "/")
	p := place{bucket: bucket}
	switch {
	case strings.Contains(bucket, "@"):
		return place{}, errors.New("it holds credentials: leave them out, they come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	case !isBucket(bucket):
		return place{}, errors.New("it names no bucket, which has 3 to 63 of a-z, 0-9, - and .: write s3://BUCKET/PREFIX")
	case prefix != "" && !isPath(prefix):
		return place{}, errors.New("its prefix has a character other than letters, digits, -, _, . and /, or a part that is empty, . or ..")
	case prefix != "":
		p.prefix = prefix + "/"
	}
	params, err := url.ParseQuery(query)
	if err != nil {
		return place{}, errors.New("what follows the ? are no parameters: write ?region=eu-central-1")
	}
	p.params = params
	switch params.Get(pathStyle) {
	case "true":
		p.pathStyle = true
	case "", "false":
	default:
		return place{}, errors.New("parameter path_style is neither true nor false")
	}
	return p, nil
}

// isBucket reports whether S3 could have a bucket of that name.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
func isBucket(name string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789-."
	return len(name) >= 3 && len(name) <= 63 && strings.Trim(name, letters) == ""
}
