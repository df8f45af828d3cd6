package s3

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/smithy-go"
)

// What S3 answers to a condition, by its code.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
const (
	noKey      = "NoSuchKey"
	notMet     = "PreconditionFailed"
	stillRaced = "ConditionalRequestConflict"
)

// isRefusal reports whether the code says that a condition was not met. A race
// that goes on after all attempts is one: the other writer is about to win.
func isRefusal(code string) bool { return code == noKey || code == notMet || code == stillRaced }

// code returns the code of a server's answer, "" if err is none.
func code(err error) string {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return ""
	}
	return api.ErrorCode()
}

// explain returns the error of a call with its mend.
func (s *Store) explain(ctx context.Context, err error) error {
	return fmt.Errorf("bucket %s in %s: %w", s.bucket, s.session.Config.Region, s.session.Explain(ctx, err, s.mend))
}

// mend says what to do about what S3 answers.
func (s *Store) mend(code, _ string) string {
	switch code {
	case "NoSuchBucket":
		return "check its name and region, or make it: aws s3api create-bucket --bucket " + s.bucket
	case "AccessDenied", "AllAccessDisabled":
		return "allow s3:GetObject, PutObject and DeleteObject on arn:aws:s3:::" + s.bucket + "/" + s.prefix +
			"* and s3:ListBucket on arn:aws:s3:::" + s.bucket
	case "PermanentRedirect", "MovedPermanently", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException":
		return "the bucket is in another region: set it with ?region="
	case "SlowDown", "ServiceUnavailable":
		return "too many requests at once: lower the concurrency"
	case "NotImplemented":
		return "this server has no conditional writes: use S3, MinIO or versitygw"
	case "InvalidObjectState":
		return "the object was archived: restore it, and let no lifecycle rule move what has this prefix"
	}
	return ""
}
