package app

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTheSchemaHasTheKeysThatAreRead asks the reader, by a key that is none,
// which ones there are.
func TestTheSchemaHasTheKeysThatAreRead(t *testing.T) {
	const unknown = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
	listed := regexp.MustCompile(`unknown key "` + unknown + `" in [^;]*; write one of ([a-z_, ]+)`)
	objects := 0
	eachPlace(everyKey(t), func(document any, path []any, value any) {
		object, ok := value.(map[string]any)
		shape := shapeAt(path)
		if !ok || shape == nil {
			return
		}
		object[unknown] = 1
		defer delete(object, unknown)
		err := read(t, document)
		m := listed.FindStringSubmatch(fmt.Sprint(err))
		if m == nil {
			t.Errorf("%v: no list of keys in %v", path, err)
			return
		}
		keys := slices.Sorted(maps.Keys(shape["properties"].(map[string]any)))
		keys = slices.DeleteFunc(keys, func(k string) bool { return len(path) == 2 && path[0] == "channels" && k == "type" })
		if got := strings.Join(keys, ", "); got != m[1] {
			t.Errorf("%v: the schema has the keys\n%s\nand the reader\n%s", path, got, m[1])
		}
		objects++
	})
	if objects < 25 {
		t.Errorf("only %d kinds of objects were compared", objects)
	}
}

// shapeAt returns the schema of the object at a path, nil where its keys are the
// owner's choice.
func shapeAt(path []any) map[string]any {
	s := Schema()
	defs := s["$defs"].(map[string]any)
	for i, step := range path {
		s = formOf(s, step)
		switch key := step.(type) {
		case int:
			s, _ = s["items"].(map[string]any)
		case string:
			if i == 1 && path[0] == "channels" {
				typ := map[string]string{"ding": "dingtalk", "disc": "discord", "mail": "email", "lark": "feishu", "pager": "pagerduty", "out": "stdout", "tg": "telegram", "hook": "webhook"}[key]
				if typ == "" {
					typ = key
				}
				s, _ = defs["channel-"+typ].(map[string]any)
				continue
			}
			properties, _ := s["properties"].(map[string]any)
			s, _ = properties[key].(map[string]any)
			if key == "policy" {
				s = defs["policy"].(map[string]any)
			}
		}
	}
	if len(path) == 1 && path[0] == "accounts" {
		s = formOf(s, "list")
	}
	if s["additionalProperties"] != false {
		return nil
	}
	return s
}

// formOf returns, of a value that has several forms, the one in which such a
// step can be made.
func formOf(s map[string]any, step any) map[string]any {
	forms, _ := s["anyOf"].([]any)
	for _, form := range forms {
		form := form.(map[string]any)
		if _, index := step.(int); index && form["items"] != nil || !index && form["properties"] != nil {
			return form
		}
	}
	return s
}

// TestTheSchemaRefusesNothingThatIsRead puts values of each kind at each place
// of a document that has every key. What prowatch takes, the schema must; and of
// what prowatch refuses for its kind, the schema must refuse as much.
func TestTheSchemaRefusesNothingThatIsRead(t *testing.T) {
	s := validator(t)
	odd := []any{nil, true, 0, 7, 1.5, "", "7d", "${env:THREE}", []any{}, []any{"x"}, map[string]any{}}
	tried, taken := 0, 0
	var loose []string
	eachPlace(everyKey(t), func(document any, path []any, value any) {
		if len(path) == 0 {
			return
		}
		for _, v := range odd {
			set(document, path, v)
			reading, validating := read(t, document), validate(t, s, document)
			tried++
			switch {
			case reading == nil && validating != nil:
				t.Errorf("%v: %v is read, and the schema says %v", path, v, validating)
			case reading == nil:
				taken++
			case validating == nil && v != "${env:THREE}" && strings.Contains(reading.Error(), ": expected "):
				loose = append(loose, fmt.Sprintf("%v: %v: %v", path, v, reading))
			}
		}
		set(document, path, value)
	})
	if tried < 1000 || taken < 250 {
		t.Errorf("of %d documents %d were read: the test lost its bite", tried, taken)
	}
	if len(loose) > 0 {
		t.Errorf("the schema takes values of a wrong kind:\n%s", strings.Join(loose, "\n"))
	}
}

// eachPlace visits every value of a document, which visit may change meanwhile.
func eachPlace(document any, visit func(document any, path []any, value any)) {
	var walk func(path []any, value any)
	walk = func(path []any, value any) {
		visit(document, path, value)
		switch v := value.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				walk(append(slices.Clone(path), key), v[key])
			}
		case []any:
			for i := range v {
				walk(append(slices.Clone(path), i), v[i])
			}
		}
	}
	walk(nil, document)
}

// set changes the value at a path.
func set(document any, path []any, value any) {
	for _, step := range path[:len(path)-1] {
		switch s := step.(type) {
		case int:
			document = document.([]any)[s]
		case string:
			document = document.(map[string]any)[s]
		}
	}
	switch s := path[len(path)-1].(type) {
	case int:
		document.([]any)[s] = value
	case string:
		document.(map[string]any)[s] = value
	}
}
