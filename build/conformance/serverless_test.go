package conformance

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// dotenv is what .env holds.
var dotenv = map[string]string{
	"STAGE": "dev", "REGION": "ap-singapore", "ROLE": "ProwatchScfRole", "STATE_BUCKET": "prowatch-1250000000",
	"PROWATCH_SITE": "intl", "PROWATCH_CHANNEL_TYPE": "wecom", "PROWATCH_HTTP_TOKEN": "token",
	"PROWATCH_CHANNEL_URL": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
}

// variable is what the command line tool replaces.
var variable = regexp.MustCompile(`\$\{([A-Za-z0-9_.:-]+)\}`)

// fillIn replaces the variables of serverless.yml: those of the environment, as
// https://github.com/Serverlesstencent/serverless-cloud-framework does
// (src/libs/utils/basic.js), and the keys of the file itself.
func fillIn(t *testing.T, yml string) (filled string, faults []string) {
	t.Helper()
	var uncommented []string
	for _, line := range strings.Split(yml, "\n") {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			uncommented = append(uncommented, line)
		}
	}
	top := map[string]string{"app": "", "stage": "", "name": ""}
	for key := range top {
		if m := regexp.MustCompile(`(?m)^` + key + `: (\S+)`).FindStringSubmatch(yml); m != nil {
			top[key] = m[1]
		}
	}
	filled = strings.Join(uncommented, "\n")
	for range 2 { // a key may hold a variable of the environment
		filled = variable.ReplaceAllStringFunc(filled, func(r string) string {
			name := r[2 : len(r)-1]
			env, isEnv := strings.CutPrefix(name, "env:")
			value, known := dotenv[env]
			if key, ok := top[name]; ok {
				return key
			}
			if !isEnv || !known {
				faults = append(faults, "the variable "+r+" is not in .env, nor a key of the file")
			}
			return value
		})
	}
	return filled, faults
}

// serverlessFaults returns what is wrong with serverless.yml.
func serverlessFaults(t *testing.T, yml string) []string {
	t.Helper()
	filled, faults := fillIn(t, yml)
	doc := parseYAML(t, filled)
	if err := scfSchema(t).Validate(doc); err != nil {
		faults = append(faults, err.Error())
	}
	inputs := at(doc, "inputs")
	for _, want := range []struct{ key, value, why string }{
		{"type", "event", "web functions are asked otherwise"},
		{"runtime", "Go1", "the component's default is Node"},
		{"handler", "main", "it is the binary's name"},
		{"role", dotenv["ROLE"], "without it there are no credentials"},
	} {
		if got := text(inputs, want.key); got != want.value {
			faults = append(faults, want.key+" is "+got+", want "+want.value+": "+want.why)
		}
	}
	if text(inputs, "src", "src") != "./dist/scf" {
		faults = append(faults, "src is not the folder that the build makes")
	}
	return append(append(faults, limitFaults(inputs)...), eventFaults(inputs)...)
}

// limitFaults are those of what the component would fill in or change.
func limitFaults(inputs any) (faults []string) {
	if at(inputs, "asyncRunEnable") == true {
		faults = append(faults, "asyncRunEnable makes the function URL answer a request id only, and the retries fixed")
	}
	for _, key := range []string{"msgTTL", "retryNum"} {
		if at(inputs, key) != nil && at(inputs, "asyncRunEnable") != true {
			faults = append(faults, key+" sets nothing without asyncRunEnable")
		}
	}
	if timeout := number(inputs, "timeout"); timeout < 60 || timeout > 3000 {
		faults = append(faults, "the timeout is the component's 3 s, or over the schedule's hour")
	}
	if number(inputs, "memorySize") < 128 {
		faults = append(faults, "the memory is below 128 MB")
	}
	total := 0
	variables, _ := at(inputs, "environment", "variables").(object)
	for name, value := range variables {
		if !strings.HasPrefix(name, "PROWATCH_") {
			faults = append(faults, "the variable "+name+" is not prowatch's")
		}
		total += len(name) + len(text(value))
	}
	if total > 4096 {
		faults = append(faults, "the environment is over 4 KB")
	}
	if !strings.HasPrefix(text(variables, "PROWATCH_STATE"), "cos://"+dotenv["STATE_BUCKET"]+"/") {
		faults = append(faults, "PROWATCH_STATE is not in the bucket")
	}
	return faults
}

// eventFaults wants one timer that fires, and one function URL that answers.
func eventFaults(inputs any) (faults []string) {
	var kinds []string
	for _, e := range list(inputs, "events") {
		for kind := range e.(object) {
			kinds = append(kinds, kind)
		}
		if p := at(e, "timer", "parameters"); p != nil {
			cron := text(p, "cronExpression")
			if err := checkCron(cron, scfCron); err != nil {
				faults = append(faults, err.Error())
			} else if onTheHour(strings.Fields(cron)[1]) {
				faults = append(faults, "the timer meets :00 or :30")
			}
			if at(p, "enable") != true {
				faults = append(faults, "the timer is not enabled, which some versions of the component then leave closed")
			}
		}
		if p := at(e, "http", "parameters"); p != nil {
			if at(p, "netConfig", "enableExtranet") != true {
				faults = append(faults, "the function URL is not open to the internet, the default")
			}
			if text(p, "authType") != "NONE" {
				faults = append(faults, "authType CAM lets no browser in")
			}
		}
	}
	slices.Sort(kinds)
	if !slices.Equal(kinds, []string{"http", "timer"}) {
		faults = append(faults, "the events are "+strings.Join(kinds, ", ")+", want http and timer")
	}
	return faults
}

func scfSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile("testdata/scf.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("scf.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("scf.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestServerlessYMLIsRight(t *testing.T) {
	for _, fault := range serverlessFaults(t, read(t, "serverless.yml")) {
		t.Error(fault)
	}
}

func TestMistakesInServerlessYMLAreFound(t *testing.T) {
	yml := read(t, "serverless.yml")
	for _, m := range []mistake{
		{"component: scf", "component: multi-scf", "'/component'"},
		{"runtime: Go1", "runtime: Go1.x", "'/inputs/runtime'"},
		{"runtime: Go1", "runtime: CustomRuntime", "runtime is CustomRuntime"},
		{"handler: main", "handler: index.main_handler", "handler is index.main_handler"},
		{"type: event", "type: web", "type is web"},
		{"name: ${name}-${stage}", "name: 1-${stage}", "'/inputs/name'"},
		{"memorySize: 256", "memorySize: 200", "'/inputs/memorySize'"},
		{"memorySize: 256", "memorySize: 64", "below 128 MB"},
		{"memorySize: 256", `memorySize: "256"`, "'/inputs/memorySize'"},
		{"timeout: 300", "timeout: 901", "'/inputs/timeout'"},
		{"  timeout: 300 # seconds for one run; what it leaves out comes first in the next\n", "", "component's 3 s"},
		{"initTimeout: 10", "initTimeout: 1", "'/inputs/initTimeout'"},
		{"src: ./dist/scf", "src: ./dist", "src is not the folder"},
		{"role: ${env:ROLE}", "executionRole: ${env:ROLE}", "'executionRole' not allowed"},
		{"PROWATCH_SITE:", "TENCENTCLOUD_SECRETID:", "TENCENTCLOUD_SECRETID is not prowatch's"},
		{"PROWATCH_SITE:", "SCF_SITE:", "invalid propertyName 'SCF_SITE'"},
		{"${env:PROWATCH_HTTP_TOKEN}", "${env.PROWATCH_HTTP_TOKEN}", "the variable ${env.PROWATCH_HTTP_TOKEN}"},
		{"${env:PROWATCH_HTTP_TOKEN}", "${env:HTTP_TOKEN}", "the variable ${env:HTTP_TOKEN}"},
		{"${env:PROWATCH_HTTP_TOKEN}", "${tencentssm:token}", "the variable ${tencentssm:token}"},
		{"cos://${env:STATE_BUCKET}/", "file:/tmp/", "not in the bucket"},
		{`"0 17 * * * * *"`, `"17 * * * *"`, "has 5 fields, want 7"},
		{`"0 17 * * * * *"`, `"0 0 * * * * *"`, "meets :00 or :30"},
		{"enable: true\n", "enable: false\n", "the timer is not enabled"},
		{"          enable: true\n", "", "the timer is not enabled"},
		{"            enableExtranet: true\n", "", "not open to the internet"},
		{"authType: NONE", "authType: none", "parameters/authType'"},
		{"authType: NONE", "authType: CAM", "no browser"},
		{"    - http: #", "    - functionUrl: #", "'functionUrl' not allowed"},
		{"    - http: #", "    - apigw: #", "'apigw' not allowed"},
		{"  tags:\n", "  asyncRunEnable: true\n  tags:\n", "request id only"},
		{"  tags:\n", "  retryNum: 0\n  tags:\n", "retryNum sets nothing"},
		{"  events:\n", "  triggers:\n", "'triggers' not allowed"},
	} {
		t.Run(m.new, func(t *testing.T) {
			wantFault(t, serverlessFaults(t, m.plant(t, yml)), m.want)
		})
	}
}
