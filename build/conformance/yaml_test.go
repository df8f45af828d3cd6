package conformance

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

type object = map[string]any

// parseYAML returns a document as JSON would have it, with CloudFormation's
// short forms written out: !Ref X is {"Ref": "X"}.
func parseYAML(t *testing.T, text string) object {
	t.Helper()
	file, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		t.Fatal(err)
	}
	value := yamlValue(t, file.Docs[0].Body)
	data, err := json.Marshal(value) // one type for all numbers
	if err != nil {
		t.Fatal(err)
	}
	var doc object
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func yamlValue(t *testing.T, n ast.Node) any {
	t.Helper()
	switch n := n.(type) {
	case *ast.MappingNode:
		return yamlObject(t, n.Values)
	case *ast.MappingValueNode:
		return yamlObject(t, []*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		list := []any{}
		for _, v := range n.Values {
			list = append(list, yamlValue(t, v))
		}
		return list
	case *ast.TagNode:
		return longForm(n.Start.Value, yamlValue(t, n.Value))
	}
	var value any
	if err := yaml.NodeToValue(n, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func yamlObject(t *testing.T, pairs []*ast.MappingValueNode) object {
	t.Helper()
	o := object{}
	for _, p := range pairs {
		var key any
		if err := yaml.NodeToValue(p.Key, &key); err != nil {
			t.Fatal(err)
		}
		o[fmt.Sprint(key)] = yamlValue(t, p.Value)
	}
	return o
}

func longForm(tag string, value any) any {
	switch name := strings.TrimPrefix(tag, "!"); name {
	case "Ref", "Condition":
		return object{name: value}
	case "GetAtt":
		resource, attribute, _ := strings.Cut(value.(string), ".")
		return object{"Fn::GetAtt": []any{resource, attribute}}
	default:
		return object{"Fn::" + name: value}
	}
}

// at returns what is at the path of keys, nil if nothing is.
func at(value any, path ...string) any {
	for _, key := range path {
		o, _ := value.(object)
		value = o[key]
	}
	return value
}

func text(value any, path ...string) string {
	s, _ := at(value, path...).(string)
	return s
}

func number(value any, path ...string) float64 {
	n, _ := at(value, path...).(float64)
	return n
}

// list returns a list, or the one value that stands for a list of one.
func list(value any, path ...string) []any {
	switch v := at(value, path...).(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}
