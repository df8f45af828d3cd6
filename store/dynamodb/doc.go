// Package dynamodb keeps records in a table of Amazon DynamoDB.
//
// # The table
//
// A record is one item: pk and sk are its key, version is the writer's token and
// data is the record. The table is made by its owner, once:
//
//	aws dynamodb create-table --table-name prowatch --billing-mode PAY_PER_REQUEST \
//	  --attribute-definitions AttributeName=pk,AttributeType=S AttributeName=sk,AttributeType=S \
//	  --key-schema AttributeName=pk,KeyType=HASH AttributeName=sk,KeyType=RANGE
//
// The sort key is the record's key. The partition key is "prowatch-00" to
// "prowatch-15", by a hash of it, for two reasons: DynamoDB gives the items of
// one partition key 1000 writes of 1 KB a second, which a fleet of some thousand
// accounts would use up, and a list is 16 queries by the start of the sort key,
// each in order, rather than a scan of the whole table. Other items with other
// partition keys may live in the table.
//
// No record expires: an item has no attribute but these four, so that a time to
// live that is enabled on the table finds nothing. An item is at most 400 KB.
//
// # Rights
//
// The least statement is
//
//	{"Effect": "Allow",
//	 "Action": ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Query"],
//	 "Resource": "arn:aws:dynamodb:REGION:ACCOUNT:table/TABLE"}
//
// # Writes
//
// Every write is one conditional request, every read is consistent. Where the
// answer to a write was lost and the request is sent again, its condition meets
// its own work; it is then told apart by the token, which only that call knows.
package dynamodb
