package dynamodb_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// fake answers as DynamoDB does the few requests that the store makes. That it
// answers the same is shown by the suite, which runs on both it and moto.
type fake struct {
	table string

	// atOnce is how many items a batch answers at the most, 0 for all; the
	// rest it calls unprocessed.
	atOnce int

	mu    sync.Mutex
	items map[string]attributes // by pk, a newline and sk
}

// attributes are those of an item, each {"S": "text"} or {"B": "base64"}.
type attributes map[string]map[string]string

type request struct {
	TableName, ConditionExpression, KeyConditionExpression string
	Item, Key, ExclusiveStartKey                           attributes
	ExpressionAttributeValues                              attributes
	Limit                                                  int
	ConsistentRead                                         bool
	RequestItems                                           map[string]batch
}

// batch is what a BatchGetItem asks of one table.
type batch struct {
	Keys           []attributes
	ConsistentRead bool
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var in request
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(body, &in)
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch {
	case err != nil:
		answer(w, http.StatusBadRequest, failure("SerializationException", err.Error()))
	case operation == "BatchGetItem":
		f.batch(w, in.RequestItems)
	case in.TableName != f.table:
		answer(w, http.StatusBadRequest, failure("ResourceNotFoundException", "Requested resource not found"))
	case (operation == "GetItem" || operation == "Query") && !in.ConsistentRead: // may be as late as this
		answer(w, http.StatusOK, map[string]any{"Items": []attributes{}})
	case operation == "GetItem":
		answer(w, http.StatusOK, map[string]any{"Item": f.items[id(in.Key)]})
	case operation == "PutItem":
		f.write(w, in, in.Item, in.Item)
	case operation == "DeleteItem":
		f.write(w, in, in.Key, nil)
	case operation == "Query":
		f.query(w, in)
	default:
		answer(w, http.StatusBadRequest, failure("UnknownOperationException", operation))
	}
}

func id(key attributes) string { return key["pk"]["S"] + "\n" + key["sk"]["S"] }

func failure(code, message string) map[string]any {
	return map[string]any{"__type": "com.amazonaws.dynamodb.v20120810#" + code, "message": message}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

// batch refuses what DynamoDB does: no key, over 100, one twice.
func (f *fake) batch(w http.ResponseWriter, in map[string]batch) {
	asked, ok := in[f.table]
	ids := map[string]bool{}
	for _, key := range asked.Keys {
		ids[id(key)] = true
	}
	switch {
	case !ok || len(in) != 1:
		answer(w, http.StatusBadRequest, failure("ResourceNotFoundException", "Requested resource not found"))
		return
	case len(asked.Keys) == 0 || len(asked.Keys) > 100 || len(ids) < len(asked.Keys):
		answer(w, http.StatusBadRequest, failure("ValidationException", "1 to 100 keys, each once"))
		return
	}
	found, left := []attributes{}, []attributes{}
	for i, key := range asked.Keys {
		if f.atOnce > 0 && i >= f.atOnce {
			left = append(left, key)
			continue
		}
		if it, ok := f.items[id(key)]; ok && asked.ConsistentRead {
			found = append(found, it)
		}
	}
	out := map[string]any{"Responses": map[string]any{f.table: found}, "UnprocessedKeys": map[string]any{}}
	if len(left) > 0 {
		out["UnprocessedKeys"] = map[string]any{f.table: map[string]any{"Keys": left, "ConsistentRead": asked.ConsistentRead}}
	}
	answer(w, http.StatusOK, out)
}

// write makes item that of the key, or deletes it if item is nil.
func (f *fake) write(w http.ResponseWriter, in request, key, item attributes) {
	old, exists := f.items[id(key)]
	met := !exists
	if in.ConditionExpression == "version = :expected" {
		met = exists && old["version"] != nil && old["version"]["S"] == in.ExpressionAttributeValues[":expected"]["S"]
	}
	switch {
	case !met:
		refusal := failure("ConditionalCheckFailedException", "The conditional request failed")
		if exists {
			refusal["Item"] = old
		}
		answer(w, http.StatusBadRequest, refusal)
		return
	case item == nil:
		delete(f.items, id(key))
	default:
		if f.items == nil {
			f.items = map[string]attributes{}
		}
		f.items[id(key)] = item
	}
	answer(w, http.StatusOK, map[string]any{})
}

func (f *fake) query(w http.ResponseWriter, in request) {
	pk := in.ExpressionAttributeValues[":pk"]["S"]
	var keys []string
	for k := range f.items {
		p, sk, _ := strings.Cut(k, "\n")
		after := in.ExclusiveStartKey == nil || sk > in.ExclusiveStartKey["sk"]["S"]
		if p == pk && after && strings.HasPrefix(sk, in.ExpressionAttributeValues[":prefix"]["S"]) {
			keys = append(keys, sk)
		}
	}
	slices.Sort(keys)
	out := map[string]any{}
	if in.Limit > 0 && len(keys) >= in.Limit { // a page that is full is followed, be it by none
		keys = keys[:in.Limit]
		out["LastEvaluatedKey"] = attributes{"pk": {"S": pk}, "sk": {"S": keys[in.Limit-1]}}
	}
	items := []attributes{}
	for _, sk := range keys {
		items = append(items, attributes{"sk": {"S": sk}})
	}
	out["Items"] = items
	answer(w, http.StatusOK, out)
}
