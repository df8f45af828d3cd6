package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/tencentyun/scf-go-lib/cloudfunction"
	"github.com/tencentyun/scf-go-lib/functioncontext"

	"prowatch/handlers"
)

// exitUsage is sysexits' EX_USAGE, as the command line has it.
const exitUsage = 64

const outside = `prowatch: this is the function for Tencent SCF, and _LAMBDA_SERVER_PORT, which SCF sets, is not set; on a machine of your own run "prowatch check" or "prowatch serve", on AWS Lambda the build of function/lambda`

// start answers SCF's invocations with in. It returns only where there is no
// SCF, with the exit code: without the port the library would listen on any.
func start(in handlers.Invoker, getenv func(string) string, stderr io.Writer) int {
	if getenv("_LAMBDA_SERVER_PORT") == "" {
		fmt.Fprintln(stderr, outside)
		return exitUsage
	}
	cloudfunction.StartHandler(invoker{in})
	return 1
}

// invoker hands on what only SCF's context has: the request id, and where the
// request named no deadline, the function's time limit.
type invoker struct{ handlers.Invoker }

func (i invoker) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	fc, ok := functioncontext.FromContext(ctx)
	if !ok {
		return i.Invoker.Invoke(ctx, payload)
	}
	ctx, cancel := withTimeLimit(ctx, time.Duration(fc.TimeLimitInMs)*time.Millisecond)
	defer cancel()
	return i.Invoker.Invoke(handlers.WithRequestID(ctx, fc.RequestID), payload)
}

// withTimeLimit gives ctx the time limit if it has no deadline, which the
// library takes for one in 1970. A limit of 0 is none.
func withTimeLimit(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if ok && !deadline.Equal(time.Unix(0, 0)) {
		return context.WithCancel(ctx)
	}
	ctx = context.WithoutCancel(ctx)
	if limit == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, limit)
}
