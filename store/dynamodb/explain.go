package dynamodb

import (
	"context"
	"fmt"
	"strings"
)

// explain returns the error of a call with its mend, nil if there was none.
func (s *Store) explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("table %s in %s: %w", s.table, s.session.Config.Region, s.session.Explain(ctx, err, s.mend))
}

// mend says what to do about what DynamoDB answers.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
func (s *Store) mend(code, message string) string {
	switch code {
	case "ResourceNotFoundException":
		return "check its name and region, or make it: " + s.create()
	case "AccessDeniedException":
		return "allow dynamodb:GetItem, BatchGetItem, PutItem, DeleteItem and Query on this table"
	case "ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded":
		return tooLittle
	case "ValidationException":
		if strings.Contains(message, "Item size") {
			return tooLarge
		}
		if strings.Contains(message, "key") {
			return "the table's keys must be pk and sk, both strings: name a table made for prowatch, or make it: " + s.create()
		}
	}
	return ""
}

const tooLittle = "the table has too little capacity: switch it to on-demand, or raise its units"

func (s *Store) create() string {
	return "aws dynamodb create-table --region " + s.session.Config.Region + " --table-name " + s.table +
		" --billing-mode PAY_PER_REQUEST --attribute-definitions AttributeName=pk,AttributeType=S AttributeName=sk,AttributeType=S" +
		" --key-schema AttributeName=pk,KeyType=HASH AttributeName=sk,KeyType=RANGE"
}
