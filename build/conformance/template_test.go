package conformance

import (
	"regexp"
	"slices"
	"testing"
)

// variants are parameters that between them make every resource.
var variants = []object{
	{},
	{"Http": "url", "Fanout": "yes", "AlarmTopicArn": "arn:aws:sns:us-east-1:123456789012:ops", "Timeout": "900"},
	{"Http": "api", "Fanout": "yes", "TableName": "prowatch", "Timeout": "60", "Architecture": "x86_64"},
	{"Config": "{accounts: []}", "ReservedConcurrency": 2.0, "AlarmTopicArn": "arn:aws:sns:us-east-1:123456789012:ops"},
	{"SecretArns": "arn:aws:ssm:us-east-1:123456789012:parameter/a,arn:aws:ssm:us-east-1:123456789012:parameter/b", "KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/k"},
}

// templateFaults returns what is wrong with template.yaml in any variant.
func templateFaults(t *testing.T, template string) []string {
	t.Helper()
	var faults []string
	used := map[string]bool{}
	doc := parseYAML(t, template)
	for _, overrides := range variants {
		s := stackOf(doc, overrides)
		for _, check := range []func(*stack){
			(*stack).checkFunction, (*stack).checkSchedule, (*stack).checkFailures, (*stack).checkTable,
			(*stack).checkRole, (*stack).checkWork, (*stack).checkHTTP, (*stack).checkLog, (*stack).checkSecrets,
		} {
			check(s)
		}
		faults = append(faults, s.faults...)
		for name := range s.used {
			used[name] = true
		}
	}
	s := stackOf(doc, nil)
	s.checkParameters(used)
	faults = append(faults, s.faults...)
	slices.Sort(faults)
	return slices.Compact(faults)
}

func TestTheTemplateIsRight(t *testing.T) {
	for _, fault := range templateFaults(t, read(t, "template.yaml")) {
		t.Error(fault)
	}
}

func TestMistakesInTheTemplateAreFound(t *testing.T) {
	template := read(t, "template.yaml")
	for _, m := range []mistake{
		{"Runtime: provided.al2023", "Runtime: go1.x", "the runtime"},
		{"CodeUri: dist/lambda.zip", "CodeUri: .", "the code"},
		{"Default: 256", "Default: 128", "128 MB"},
		{"Default: cron(17 * * * ? *)", "Default: rate(5 minuets)", "rate(5 minuets)"},
		{"Default: cron(17 * * * ? *)", "Default: cron(30 * * * ? *)", "meets :00 or :30"},
		{"Default: cron(17 * * * ? *)", "Default: cron(17 * * * * *)", "one of day and weekday"},
		{"OmitName: true", "OmitName: false", "two stacks collide"},
		{`"source":"aws.scheduler"`, `"source":"prowatch"`, "the schedule's input"},
		{"RetryPolicy: {MaximumRetryAttempts: 0,", "RetryPolicy: {MaximumRetryAttempts: 185,", "the scheduler's retries"},
		{"        MaximumRetryAttempts: 0", "        MaximumRetryAttempts: 2", "Lambda's retries"},
		{"        MaximumEventAgeInSeconds: 300", "        MaximumEventAgeInSeconds: 21600", "21600 seconds old"},
		{"DeletionPolicy: RetainExceptOnCreate", "DeletionPolicy: Delete", "DeletionPolicy does not retain it"},
		{"{AttributeName: sk, KeyType: RANGE}", "{AttributeName: sort, KeyType: RANGE}", "the keys"},
		{"SSESpecification: {SSEEnabled: true}", "SSESpecification: {SSEEnabled: false}", "the encryption"},
		{"Action: [dynamodb:GetItem,", "Action: [dynamodb:*,", "may dynamodb:*"},
		{"Action: [dynamodb:GetItem, ", "Action: [", "may not dynamodb:GetItem"},
		{"dynamodb:Query]", "dynamodb:Query, dynamodb:Scan]", "may dynamodb:Scan"},
		{":parameter/${SecretPrefix}*", ":*", "the role may do ssm:GetParameter"},
		{`"900": {Seconds: 5400}`, `"900": {Seconds: 900}`, "come back after 900 s"},
		{"maxReceiveCount: 5", "maxReceiveCount: 1", "given up after 1 deliveries"},
		{"FunctionResponseTypes: [ReportBatchItemFailures]", "Enabled: true", "what the queue is answered"},
		{"!If [Reserves, !Ref ReservedConcurrency, !Ref AWS::NoValue]", "!Ref ReservedConcurrency", "the reserved concurrency"},
		{"      InvokedViaFunctionUrl: true\n", "", "UrlInvokePermission lets others"},
		{`PayloadFormatVersion: "2.0"`, `PayloadFormatVersion: "1.0"`, "the payload format"},
		{"      RetentionInDays: !Ref LogRetentionDays\n", "", "kept for ever"},
		{"LogFormat: JSON", "LogFormat: Text", "the log's format"},
		{"PROWATCH_CONFIG: !If [HasConfig, !Ref Config, !Ref AWS::NoValue]", "PROWATCH_SECRET_KEY: '{{resolve:secretsmanager:k}}'", "resolved at deployment"},
		{"Value: !GetAtt Url.FunctionUrl", "Value: !GetAtt Uri.FunctionUrl", "refers to Uri"},
		{"    Condition: HttpByUrl\n    Description: The page", "    Description: The page", "refers to Url"},
		{"EvaluationPeriods: !Ref SilentHours", "EvaluationPeriods: 3", "SilentHours is used by nothing"},
		{"    Description: How long the log is kept.\n", "", "LogRetentionDays is not described"},
	} {
		t.Run(m.new, func(t *testing.T) {
			wantFault(t, templateFaults(t, m.plant(t, template)), m.want)
		})
	}
}

// TestTheTemplateRefusesBadParameters asks the patterns that CloudFormation holds
// the values against.
func TestTheTemplateRefusesBadParameters(t *testing.T) {
	parameters := newStack(t, read(t, "template.yaml"), nil).template["Parameters"]
	for _, tt := range []struct{ name, good, bad string }{
		{"Schedule", "rate(1 hour)", "rate(5 minuets)"},
		{"Schedule", "cron(17 9 ? * MON-FRI *)", "cron(17 * * * *)"},
		{"Schedule", "cron(17 * * * ? *)", "17 * * * *"},
		{"SecretPrefix", "security/prowatch/", "/prowatch"},
		{"SecretPrefix", "prowatch/", "*"},
		{"KmsKeyArn", "arn:aws:kms:us-east-1:123456789012:key/a-b", "arn:aws:kms:us-east-1:123456789012:alias/a"},
		{"AlarmTopicArn", "arn:aws-cn:sns:cn-north-1:123456789012:ops", "ops"},
		{"TableName", "prowatch", "a/b"},
	} {
		pattern := regexp.MustCompile(text(parameters, tt.name, "AllowedPattern"))
		if !pattern.MatchString(tt.good) || pattern.MatchString(tt.bad) {
			t.Errorf("%s: takes %q %t, %q %t", tt.name, tt.good, pattern.MatchString(tt.good), tt.bad, pattern.MatchString(tt.bad))
		}
	}
}
