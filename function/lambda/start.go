package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"prowatch/handlers"
)

// exitUsage is sysexits' EX_USAGE, as the command line has it.
const exitUsage = 64

const outside = `prowatch: this is the function for AWS Lambda, and AWS_LAMBDA_RUNTIME_API, which Lambda sets, is not set; on a machine of your own run "prowatch check" or "prowatch serve", on Tencent SCF the build of function/scf`

// start answers Lambda's invocations with in. It returns only where there is no
// Lambda, with the exit code; the library ends the process when Lambda does.
//
// It asks for no SIGTERM: an invocation leaves nothing to be done after it.
func start(in handlers.Invoker, getenv func(string) string, stderr io.Writer) int {
	if getenv("AWS_LAMBDA_RUNTIME_API") == "" {
		fmt.Fprintln(stderr, outside)
		return exitUsage
	}
	// Without the build tag lambda.norpc the library would prefer this one.
	os.Unsetenv("_LAMBDA_SERVER_PORT")
	lambda.Start(invoker{in})
	return 1
}

// invoker hands on the request id, which only Lambda's context has.
type invoker struct{ handlers.Invoker }

func (i invoker) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		ctx = handlers.WithRequestID(ctx, lc.AwsRequestID)
	}
	return i.Invoker.Invoke(ctx, payload)
}
