// Command hello is the least function on AWS Lambda: the floor that the start
// of prowatch's own is measured against.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
)

type hello struct{}

func (hello) Invoke(context.Context, []byte) ([]byte, error) { return []byte(`"hello"`), nil }

func main() { lambda.Start(hello{}) }
