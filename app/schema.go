package app

import (
	"encoding"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"prowatch/config"
	"prowatch/watch"
)

// Schema returns the JSON Schema of prowatch.yaml, of draft 2020-12. The
// settings of each type of channel are read off the struct that the channel
// itself takes, so that a new channel is in it by its row alone.
//
// It refuses nothing that the reader takes: any scalar may be a ${…} reference,
// and a null is a key left out. What the reader refuses beyond the form, such
// as a channel's name that stands for none, it lets pass.
func Schema() map[string]any {
	s := schemaOf(reflect.TypeFor[documentKeys](), "")
	defs := map[string]any{"policy": schemaOf(reflect.TypeFor[policyKeys](), "")}
	for name, c := range channels {
		defs["channel-"+name] = c.schema(name)
	}
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "prowatch.yaml"
	s["$defs"] = defs
	return s
}

// schema is that of one type of channel.
func (c channel) schema(name string) map[string]any {
	s := schemaOf(reflect.TypeOf(c.config()).Elem(), "")
	s["properties"].(map[string]any)["type"] = map[string]any{"type": []string{"string"}}
	s["required"] = append([]string{"type"}, c.required...)
	s["title"] = "a channel of type " + name
	return s
}

// channelSchema tells the types of channels apart by their key type.
func channelSchema() map[string]any {
	var byType []any
	names := slices.Sorted(maps.Keys(channels))
	for _, name := range names {
		byType = append(byType, map[string]any{
			"if":   map[string]any{"properties": map[string]any{"type": map[string]any{"const": name}}},
			"then": map[string]any{"$ref": "#/$defs/channel-" + name},
		})
	}
	return map[string]any{
		"type": []string{"object"}, "required": []string{"type"}, "allOf": byType,
		"properties": map[string]any{"type": orReference(map[string]any{"enum": names})},
	}
}

// accountsSchema is that of a list, or of the object that may have one.
func accountsSchema() map[string]any {
	list := schemaOf(reflect.TypeFor[[]accountKeys](), `min:"1"`)
	object := schemaOf(reflect.TypeFor[accountsKeys](), "")
	return map[string]any{"anyOf": []any{list, object}}
}

// durationPattern is what watch.ParseDuration takes.
const durationPattern = `^(0|[0-9]+d|[+]?(([0-9]+[.]?[0-9]*|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$`

// schemaOf returns the schema of what decodes into a value of type t that has
// such tags.
func schemaOf(t reflect.Type, tag reflect.StructTag) map[string]any {
	switch {
	case t == reflect.TypeFor[watch.Duration]():
		return orReference(map[string]any{"type": scalarTypes(), "pattern": durationPattern})
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": scalarTypes(), "format": "date-time"}
	case t == reflect.TypeFor[channelKey]():
		return channelSchema()
	case t == reflect.TypeFor[accountsKey]():
		return accountsSchema()
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return map[string]any{"type": scalarTypes()}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), tag)
	case reflect.Bool:
		return orReference(map[string]any{"type": []string{"boolean"}})
	case reflect.Int:
		return orReference(bounded(map[string]any{"type": []string{"integer"}}, "minimum", tag))
	case reflect.Slice:
		return bounded(map[string]any{"type": []string{"array"}, "items": schemaOf(t.Elem(), tag)}, "minItems", tag)
	case reflect.Map:
		return mapSchema(t, tag)
	case reflect.Struct:
		return structSchema(t)
	case reflect.String:
		return textSchema(tag)
	}
	panic("app: no schema for " + t.String())
}

// scalarTypes are those of a text: YAML's numbers and truth values are taken as
// they are written.
func scalarTypes() []string { return []string{"string", "number", "boolean"} }

func textSchema(tag reflect.StructTag) map[string]any {
	if words := tag.Get("one"); words != "" {
		return orReference(map[string]any{"enum": strings.Fields(words)})
	}
	if pattern := tag.Get("pattern"); pattern != "" {
		return orReference(map[string]any{"type": scalarTypes(), "pattern": pattern})
	}
	return map[string]any{"type": scalarTypes()}
}

// bounded adds the least number or length, where the tags have one.
func bounded(s map[string]any, keyword string, tag reflect.StructTag) map[string]any {
	if n, err := strconv.Atoi(tag.Get("min")); err == nil {
		s[keyword] = n
	}
	return s
}

func mapSchema(t reflect.Type, tag reflect.StructTag) map[string]any {
	s := bounded(map[string]any{"type": []string{"object"}}, "minProperties", tag)
	value := schemaOf(t.Elem(), "")
	switch {
	case t.Key() == reflect.TypeFor[watch.Type]():
		s["propertyNames"] = map[string]any{"enum": config.NoticeTypes()}
	case t.Key() == reflect.TypeFor[watch.Severity]():
		s["propertyNames"] = map[string]any{"enum": []watch.Severity{watch.Info, watch.Warning, watch.Critical}}
	case t.Elem() == reflect.TypeFor[channelKey]():
		s["propertyNames"] = map[string]any{"pattern": idPattern}
		s["additionalProperties"] = value
		return s
	}
	s["additionalProperties"] = orNull(value)
	return s
}

func structSchema(t reflect.Type) map[string]any {
	properties := map[string]any{}
	required := []string{}
	addProperties(t, properties, &required)
	s := map[string]any{"type": []string{"object"}, "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

// addProperties adds the keys of a struct, those of inlined fields included.
func addProperties(t reflect.Type, properties map[string]any, required *[]string) {
	for f := range t.Fields() {
		key, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if option == "inline" {
			addProperties(f.Type, properties, required)
			continue
		}
		s := map[string]any{"$ref": "#/$defs/policy"}
		if f.Type != reflect.TypeFor[policyKeys]() {
			s = schemaOf(f.Type, f.Tag)
		}
		if f.Tag.Get("need") != "" {
			*required = append(*required, key)
		} else {
			s = orNull(s)
		}
		if doc := f.Tag.Get("doc"); doc != "" {
			s["description"] = doc
		}
		properties[key] = s
	}
}

// orReference lets a value be a text with a reference in it, which is expanded
// before the value is looked at.
func orReference(s map[string]any) map[string]any {
	return map[string]any{"anyOf": []any{s, map[string]any{"type": []string{"string"}, "pattern": `[$][{]`}}}
}

// orNull lets a value be null.
func orNull(s map[string]any) map[string]any {
	if types, ok := s["type"].([]string); ok {
		s["type"] = append(slices.Clone(types), "null")
		return s
	}
	forms, ok := s["anyOf"].([]any)
	if !ok {
		forms = []any{s}
	}
	return map[string]any{"anyOf": append(slices.Clone(forms), map[string]any{"type": []string{"null"}})}
}
