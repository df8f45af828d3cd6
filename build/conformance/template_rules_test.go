package conformance

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"prowatch/events"
)

func (s *stack) checkFunction() {
	p := s.properties("Watcher", "AWS::Serverless::Function")
	s.want("the runtime", p["Runtime"], "provided.al2023")
	s.want("the handler", p["Handler"], "bootstrap")
	s.want("the code", p["CodeUri"], "dist/lambda.zip")
	s.want("the architectures", p["Architectures"], []any{s.parameters["Architecture"]})
	if memory := number(p, "MemorySize"); memory < 256 {
		s.fault("the function has %v MB of memory, want 256 for the TLS handshakes", memory)
	}
	reserved, limited := p["ReservedConcurrentExecutions"]
	if wanted := s.parameters["ReservedConcurrency"] != 0.0; limited != wanted || wanted && reserved != s.parameters["ReservedConcurrency"] {
		s.fault("the reserved concurrency is %v, want none unless asked for", reserved)
	}
	for name := range at(p, "Environment", "Variables").(object) {
		if !strings.HasPrefix(name, "PROWATCH_") {
			s.fault("the environment variable %s is not prowatch's", name)
		}
	}
	table := any("Records")
	if name := s.parameters["TableName"]; name != "" {
		table = name
	}
	s.want("the state", text(p, "Environment", "Variables", "PROWATCH_STATE"), fmt.Sprint("dynamodb:", table))
}

func (s *stack) checkSchedule() {
	tick := at(s.resources, "Watcher", "Properties", "Events", "Tick")
	s.want("the event's type", at(tick, "Type"), "ScheduleV2")
	p := at(tick, "Properties")
	s.want("OmitName, without which two stacks collide", at(p, "OmitName"), true)
	s.want("the window's mode", at(p, "FlexibleTimeWindow", "Mode"), "FLEXIBLE")
	s.want("the scheduler's retries", at(p, "RetryPolicy", "MaximumRetryAttempts"), 0.0)
	s.want("the scheduler's dead letters", at(p, "DeadLetterConfig", "Arn"), "FailureQueue.Arn")
	expression := text(p, "ScheduleExpression")
	if err := checkAWSSchedule(expression); err != nil {
		s.fault("the schedule: %v", err)
	}
	if minute, _, _ := strings.Cut(strings.TrimPrefix(expression, "cron("), " "); onTheHour(minute) {
		s.fault("the schedule %s meets :00 or :30", expression)
	}
	input := strings.ReplaceAll(text(p, "Input"), "<aws.scheduler.scheduled-time>", "2026-11-23T00:17:00Z")
	e, err := events.Decode([]byte(input))
	if tick, ok := e.(events.Tick); !ok || tick.Source != events.AWSScheduler || tick.Time.IsZero() || tick.Name == "" {
		s.fault("the schedule's input is read as %#v, %v, want a tick of the scheduler", e, err)
	}
}

// checkFailures wants Lambda to give a failed event up at once, for the next tick
// is its retry, and to keep it where somebody looks.
func (s *stack) checkFailures() {
	p := at(s.resources, "Watcher", "Properties", "EventInvokeConfig")
	s.want("Lambda's retries", at(p, "MaximumRetryAttempts"), 0.0)
	if age := number(p, "MaximumEventAgeInSeconds"); age < 60 || age > 3600 {
		s.fault("an event may be %v seconds old, want 60 to an hour, when the next comes", age)
	}
	s.want("where failed events go", at(p, "DestinationConfig", "OnFailure"), object{"Type": "SQS", "Destination": "FailureQueue.Arn"})
	s.want("how long failed events are kept", at(s.properties("FailureQueue", "AWS::SQS::Queue"), "MessageRetentionPeriod"), 1209600.0)
	for name, r := range s.resources {
		if text(r, "Type") == "AWS::SQS::Queue" && at(r, "Properties", "SqsManagedSseEnabled") != true {
			s.fault("the queue %s is not encrypted", name)
		}
	}
}

func (s *stack) checkTable() {
	if s.parameters["TableName"] != "" {
		if s.resources["Records"] != nil {
			s.fault("a table is made beside the one that is named")
		}
		return
	}
	p := s.properties("Records", "AWS::DynamoDB::Table")
	hash, sort := storeKeys()
	s.want("the attributes", p["AttributeDefinitions"], []any{object{"AttributeName": hash, "AttributeType": "S"}, object{"AttributeName": sort, "AttributeType": "S"}})
	s.want("the keys", p["KeySchema"], []any{object{"AttributeName": hash, "KeyType": "HASH"}, object{"AttributeName": sort, "KeyType": "RANGE"}})
	s.want("the billing", p["BillingMode"], "PAY_PER_REQUEST")
	s.want("point-in-time recovery", at(p, "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"), true)
	s.want("the encryption", at(p, "SSESpecification", "SSEEnabled"), true)
	for _, policy := range []string{"DeletionPolicy", "UpdateReplacePolicy"} {
		if !strings.HasPrefix(text(s.resources, "Records", policy), "Retain") {
			s.fault("the table's %s does not retain it", policy)
		}
	}
}

// checkRole wants nothing in the role that is not named, down to the resource.
func (s *stack) checkRole() {
	granted := map[string]bool{}
	for _, policy := range list(s.properties("WatcherRole", "AWS::IAM::Role"), "Policies") {
		for _, statement := range list(policy, "PolicyDocument", "Statement") {
			for _, action := range list(statement, "Action") {
				granted[action.(string)] = true
				if strings.Contains(action.(string), "*") {
					s.fault("the role may %s", action)
				}
			}
			for _, resource := range list(statement, "Resource") {
				if prefix, rest, ok := strings.Cut(resource.(string), "*"); ok && (!strings.HasSuffix(prefix, "/") || rest != "") {
					s.fault("the role may do %v to %s", statement.(object)["Action"], resource)
				}
			}
		}
	}
	actions := storeActions()
	if len(actions) < 4 {
		s.fault("the store asks for %q only", actions)
	}
	for _, action := range actions {
		if !granted[action] {
			s.fault("the role may not %s, which the store does", action)
		}
	}
	for action := range granted {
		if strings.HasPrefix(action, "dynamodb:") && !slices.Contains(dynamodbActions, action) {
			s.fault("the role may %s", action)
		}
	}
}

// checkWork wants batches to come back no sooner than their worker must be dead.
func (s *stack) checkWork() {
	if s.parameters["Fanout"] != "yes" {
		for _, name := range []string{"WorkQueue", "WorkSource", "WorkDeadLetters"} {
			if s.resources[name] != nil {
				s.fault("there is %s without Fanout", name)
			}
		}
		return
	}
	queue := s.properties("WorkQueue", "AWS::SQS::Queue")
	timeout, _ := strconv.ParseFloat(text(s.resources, "Watcher", "Properties", "Timeout"), 64)
	if visibility := number(queue, "VisibilityTimeout"); timeout == 0 || visibility < 6*timeout {
		s.fault("the queue's messages come back after %v s, want six times the timeout of %v s", visibility, timeout)
	}
	s.want("the queue's dead letters", at(queue, "RedrivePolicy", "deadLetterTargetArn"), "WorkDeadLetters.Arn")
	if n := number(queue, "RedrivePolicy", "maxReceiveCount"); n < 5 {
		s.fault("a message is given up after %v deliveries, want 5, as AWS asks", n)
	}
	source := s.properties("WorkSource", "AWS::Lambda::EventSourceMapping")
	s.want("what the queue is answered", source["FunctionResponseTypes"], []any{"ReportBatchItemFailures"})
	if n := number(source, "ScalingConfig", "MaximumConcurrency"); n < 2 {
		s.fault("the queue's concurrency is %v, want 2 or more", n)
	}
	s.want("the queue of the environment", at(s.resources, "Watcher", "Properties", "Environment", "Variables", "PROWATCH_QUEUE"), "WorkQueue")
}

// checkHTTP wants the function reachable in the one way that was asked for.
func (s *stack) checkHTTP() {
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(n string) bool { return s.resources[n] == nil })
	}
	s.want("that there is a function URL", has("Url", "UrlPermission", "UrlInvokePermission"), s.parameters["Http"] == "url")
	s.want("that there is an HTTP API", has("Api", "ApiIntegration", "ApiRoute", "ApiStage", "ApiPermission"), s.parameters["Http"] == "api")
	for name, r := range s.resources {
		p, _ := at(r, "Properties").(object)
		switch text(r, "Type") {
		case "AWS::Lambda::Permission":
			viaURL := p["FunctionUrlAuthType"] == "NONE" || p["InvokedViaFunctionUrl"] == true
			if p["Principal"] == "*" && !viaURL || p["Principal"] != "*" && p["SourceArn"] == nil {
				s.fault("%s lets others invoke the function than by its URL or API", name)
			}
		case "AWS::ApiGatewayV2::Integration":
			s.want("the payload format", p["PayloadFormatVersion"], "2.0")
		case "AWS::ApiGatewayV2::Stage":
			if number(p, "DefaultRouteSettings", "ThrottlingRateLimit") == 0 {
				s.fault("the HTTP API is not throttled")
			}
		}
	}
}

func (s *stack) checkLog() {
	logging := at(s.resources, "Watcher", "Properties", "LoggingConfig")
	s.want("the log group", at(logging, "LogGroup"), "Log")
	s.want("the log's format", at(logging, "LogFormat"), "JSON")
	if number(s.properties("Log", "AWS::Logs::LogGroup"), "RetentionInDays") == 0 {
		s.fault("the log is kept for ever")
	}
}

// checkSecrets wants no secret resolved at deployment, into a configuration that
// others may read.
func (s *stack) checkSecrets() {
	if strings.Contains(fmt.Sprint(s.template), "{{resolve:") {
		s.fault("a secret is resolved at deployment, into what lambda:GetFunctionConfiguration shows")
	}
}

// checkParameters wants every parameter used, described and bounded.
func (s *stack) checkParameters(used map[string]bool) {
	for name, p := range s.template["Parameters"].(object) {
		if !used[name] {
			s.fault("the parameter %s is used by nothing", name)
		}
		if !strings.HasSuffix(text(p, "Description"), ".") {
			s.fault("the parameter %s is not described", name)
		}
		bounded := slices.ContainsFunc([]string{"AllowedValues", "AllowedPattern", "MinValue", "MinLength"}, func(k string) bool { return at(p, k) != nil })
		if !bounded && name != "Config" && name != "SecretArns" {
			s.fault("the parameter %s takes anything", name)
		}
	}
}
