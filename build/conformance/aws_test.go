package conformance

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tool returns the path of one of AWS's own tools, or skips the test, under
// PROWATCH_CI, too: not every machine can install them.
func tool(t *testing.T, name, install string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("this needs %s in the PATH: %s", name, install)
	}
	return path
}

// lint returns what cfn-lint says of each template, "" for nothing. It is asked
// once, for it takes seconds to start.
func lint(t *testing.T, templates map[string]string) map[string]string {
	t.Helper()
	cfnLint := tool(t, "cfn-lint", "pip install cfn-lint")
	dir := t.TempDir()
	args := []string{"--format", "parseable"} // file:line:column:…:code:message
	for name, template := range templates {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(template), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	out, err := exec.CommandContext(t.Context(), cfnLint, args...).CombinedOutput()
	said := map[string]string{}
	for line := range strings.Lines(string(out)) {
		file, fault, ok := strings.Cut(strings.TrimPrefix(line, dir+string(filepath.Separator)), ":")
		if !ok || templates[file] == "" {
			t.Fatalf("cfn-lint: %v\n%s", err, out)
		}
		said[file] += fault
	}
	return said
}

func TestCFNLintHasNothingAgainstTheTemplate(t *testing.T) {
	right := read(t, "template.yaml")
	templates := map[string]string{"right.yaml": right}
	mistakes := map[string]mistake{
		"property.yaml": {"OmitName: true", "OmitNames: true", "E0001"},
		"value.yaml":    {"FlexibleTimeWindow: {Mode: FLEXIBLE,", "FlexibleTimeWindow: {Mode: ON,", "E3030"},
		"key.yaml":      {"- {AttributeName: sk, AttributeType: S}", "- {AttributeName: sort, AttributeType: S}", "E3039"},
	}
	for name, m := range mistakes {
		templates[name] = m.plant(t, right)
	}
	said := lint(t, templates)
	if said["right.yaml"] != "" {
		t.Errorf("cfn-lint says of template.yaml\n%s", said["right.yaml"])
	}
	for name, m := range mistakes {
		if !strings.Contains(said[name], m.want) {
			t.Errorf("with %s cfn-lint says %q, want %s", m.new, said[name], m.want)
		}
	}
}

// expand returns the template as SAM translates it.
func expand(t *testing.T) object {
	t.Helper()
	python := tool(t, "python3", "https://www.python.org")
	if err := exec.CommandContext(t.Context(), python, "-c", "import samtranslator").Run(); err != nil {
		t.Skip("this needs aws-sam-translator: pip install aws-sam-translator")
	}
	in, err := json.Marshal(object{"template": read(t, "template.yaml"), "parameters": object{}})
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), python, "testdata/expand.py")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("expand.py: %v\n%s", err, errs.String())
	}
	var expanded object
	if err := json.Unmarshal(out, &expanded); err != nil {
		t.Fatal(err)
	}
	return expanded
}

// TestSAMGrantsNothingBeyondTheTemplate looks at the roles after SAM has added
// its own: one, that of the scheduler.
func TestSAMGrantsNothingBeyondTheTemplate(t *testing.T) {
	grants := map[string][]string{}
	for name, r := range expand(t)["Resources"].(object) {
		if text(r, "Type") != "AWS::IAM::Role" {
			continue
		}
		if managed := list(r, "Properties", "ManagedPolicyArns"); managed != nil {
			t.Errorf("the role %s has the policies %v of others", name, managed)
		}
		for _, policy := range list(r, "Properties", "Policies") {
			for _, statement := range list(policy, "PolicyDocument", "Statement") {
				for _, action := range list(statement, "Action") {
					resource, err := json.Marshal(at(statement, "Resource"))
					if err != nil {
						t.Fatal(err)
					}
					grants[name] = append(grants[name], action.(string)+" "+string(resource))
				}
			}
		}
	}
	want := []string{`lambda:InvokeFunction {"Fn::GetAtt":["Watcher","Arn"]}`, `sqs:SendMessage {"Fn::GetAtt":["FailureQueue","Arn"]}`}
	if got := grants["WatcherTickRole"]; len(grants) != 2 || grants["WatcherRole"] == nil || !slices.Equal(got, want) {
		t.Errorf("got the roles %v\nwant WatcherRole, and WatcherTickRole with %q", grants, want)
	}
}
