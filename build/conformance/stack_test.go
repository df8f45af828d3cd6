package conformance

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A stack is template.yaml with parameters, as CloudFormation would make it:
// conditions decided, intrinsic functions resolved. Ref X is "X", GetAtt "X.Arn".
type stack struct {
	template   object
	parameters object
	resources  object // those whose condition holds
	faults     []string
	used       map[string]bool // parameters that something refers to
}

// pseudo are the values that AWS gives.
var pseudo = object{
	"AWS::Region": "us-east-1", "AWS::AccountId": "123456789012", "AWS::Partition": "aws",
	"AWS::URLSuffix": "amazonaws.com", "AWS::StackName": "prowatch", "AWS::NoValue": noValue{},
}

type noValue struct{}

// newStack resolves the template; overrides are parameters.
func newStack(t *testing.T, template string, overrides object) *stack {
	t.Helper()
	return stackOf(parseYAML(t, template), overrides)
}

func stackOf(template, overrides object) *stack {
	s := &stack{template: template, parameters: object{}, resources: object{}, used: map[string]bool{}}
	for name, p := range s.template["Parameters"].(object) {
		s.parameters[name] = at(p, "Default")
		if v, ok := overrides[name]; ok {
			s.parameters[name] = v
		}
		if text(p, "Type") == "CommaDelimitedList" {
			s.parameters[name] = commaList(s.parameters[name].(string))
		}
	}
	all := s.template["Resources"].(object)
	for name, r := range all {
		if s.holds(r) {
			s.resources[name] = r
		}
	}
	for name := range s.resources {
		s.resources[name] = s.resolve(all[name])
	}
	for name, o := range s.template["Outputs"].(object) {
		if s.holds(o) && s.resolve(o) == nil {
			s.fault("the output %s has no value", name)
		}
	}
	return s
}

func (s *stack) fault(format string, args ...any) {
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
}

// holds reports whether the condition of a resource or an output does.
func (s *stack) holds(r any) bool {
	name := text(r, "Condition")
	return name == "" || s.condition(name)
}

func (s *stack) condition(name string) bool {
	c := at(s.template, "Conditions", name)
	if c == nil {
		s.fault("the condition %s is not defined", name)
	}
	return s.resolve(c) == true
}

// resolve returns the value without functions. What becomes AWS::NoValue is left
// out of what holds it.
func (s *stack) resolve(value any) any {
	switch v := value.(type) {
	case []any:
		out := []any{}
		for _, e := range v {
			if r := s.resolve(e); r != (noValue{}) {
				out = append(out, r)
			}
		}
		return out
	case object:
		if len(v) == 1 {
			for name, argument := range v {
				if r, ok := s.call(name, argument); ok {
					return r
				}
			}
		}
		out := object{}
		for name, e := range v {
			if r := s.resolve(e); r != (noValue{}) {
				out[name] = r
			}
		}
		return out
	}
	return value
}

func (s *stack) call(name string, argument any) (value any, ok bool) {
	args := list(argument)
	switch name {
	case "Ref":
		return s.ref(argument.(string)), true
	case "Condition":
		if c, ok := argument.(string); ok {
			return s.condition(c), true
		}
		return nil, false // that of a policy's statement
	case "Fn::GetAtt":
		return s.attribute(args[0].(string), args[1].(string)), true
	case "Fn::Sub":
		return s.sub(args), true
	case "Fn::If":
		if s.condition(args[0].(string)) {
			return s.resolve(args[1]), true
		}
		return s.resolve(args[2]), true
	case "Fn::Equals":
		return fmt.Sprint(s.resolve(args[0])) == fmt.Sprint(s.resolve(args[1])), true
	case "Fn::Not":
		return s.resolve(args[0]) == false, true
	case "Fn::And":
		return !slices.ContainsFunc(args, func(a any) bool { return s.resolve(a) != true }), true
	case "Fn::Join":
		var parts []string
		for _, p := range list(s.resolve(args[1])) {
			parts = append(parts, fmt.Sprint(p))
		}
		return strings.Join(parts, args[0].(string)), true
	case "Fn::FindInMap":
		return at(s.template, "Mappings", args[0].(string), fmt.Sprint(s.resolve(args[1])), args[2].(string)), true
	}
	return nil, false
}

func (s *stack) ref(name string) any {
	if v, ok := pseudo[name]; ok {
		return v
	}
	if v, ok := s.parameters[name]; ok {
		s.used[name] = true
		return v
	}
	s.known(name)
	return name
}

func (s *stack) attribute(resource, attribute string) string {
	s.known(resource)
	return resource + "." + attribute
}

func (s *stack) known(resource string) {
	if s.resources[resource] == nil {
		s.fault("something refers to %s, which there is not", resource)
	}
}

var reference = regexp.MustCompile(`\$\{([^}]+)\}`)

// sub resolves Fn::Sub, with or without variables of its own.
func (s *stack) sub(args []any) string {
	own := object{}
	if len(args) == 2 {
		own = s.resolve(args[1]).(object)
	}
	return reference.ReplaceAllStringFunc(args[0].(string), func(r string) string {
		name := r[2 : len(r)-1]
		if v, ok := own[name]; ok {
			return fmt.Sprint(v)
		}
		if resource, attribute, ok := strings.Cut(name, "."); ok {
			return s.attribute(resource, attribute)
		}
		return fmt.Sprint(s.ref(name))
	})
}

func commaList(text string) []any {
	out := []any{}
	for _, part := range strings.Split(text, ",") {
		out = append(out, strings.TrimSpace(part))
	}
	return out
}

// properties returns those of a resource, which must be of the type.
func (s *stack) properties(name, typ string) object {
	r := at(s.resources, name)
	if text(r, "Type") != typ {
		s.fault("%s is %q, want %s", name, text(r, "Type"), typ)
	}
	p, _ := at(r, "Properties").(object)
	return p
}

// want notes a fault unless the value at the path is as wanted.
func (s *stack) want(what string, value, want any) {
	if !reflect.DeepEqual(value, want) {
		s.fault("%s is %v, want %v", what, value, want)
	}
}
