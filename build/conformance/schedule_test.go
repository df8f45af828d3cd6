package conformance

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A cronField is one of a schedule's: a number, *, a range, a step, a list.
type cronField struct {
	name     string
	min, max int
	names    []string // of the numbers from min
	also     string   // texts that it takes beside, each with |
}

var (
	months = []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}
	days   = []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}
)

// scfCron are the fields of an SCF timer, all needed:
// https://cloud.tencent.com/document/product/583/9708.
var scfCron = []cronField{
	{"second", 0, 59, nil, ""}, {"minute", 0, 59, nil, ""}, {"hour", 0, 23, nil, ""},
	{"day", 1, 31, nil, ""}, {"month", 1, 12, months, ""}, {"weekday", 0, 6, days, ""}, {"year", 1970, 2099, nil, ""},
}

// awsCron are those of EventBridge Scheduler. Either day or weekday is ?:
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html.
var awsCron = []cronField{
	{"minute", 0, 59, nil, ""}, {"hour", 0, 23, nil, ""}, {"day", 1, 31, nil, "|?|L|"},
	{"month", 1, 12, months, ""}, {"weekday", 1, 7, days, "|?|L|"}, {"year", 1970, 2199, nil, ""},
}

// checkCron says what is wrong with an expression of such fields, or nothing.
func checkCron(expression string, fields []cronField) error {
	parts := strings.Fields(expression)
	if len(parts) != len(fields) {
		return fmt.Errorf("%q has %d fields, want %d", expression, len(parts), len(fields))
	}
	for i, f := range fields {
		if err := f.check(parts[i]); err != nil {
			return fmt.Errorf("%q: %w", expression, err)
		}
	}
	return nil
}

func (f cronField) check(text string) error {
	if strings.Contains(f.also, "|"+text+"|") {
		return nil
	}
	for _, item := range strings.Split(text, ",") {
		item, step, stepped := strings.Cut(item, "/")
		if n, err := strconv.Atoi(step); stepped && (err != nil || n < 1 || n > f.max) {
			return fmt.Errorf("the %s has the step %q", f.name, step)
		}
		if item == "*" {
			continue
		}
		from, to, ranged := strings.Cut(item, "-")
		low, ok := f.number(from)
		high := low
		if ranged {
			var okHigh bool
			high, okHigh = f.number(to)
			ok = ok && okHigh
		}
		if !ok || low > high {
			return fmt.Errorf("the %s is %q, want %d to %d", f.name, text, f.min, f.max)
		}
	}
	return nil
}

func (f cronField) number(text string) (int, bool) {
	if i := slices.Index(f.names, strings.ToUpper(text)); i >= 0 {
		return f.min + i, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= f.min && n <= f.max
}

var rate = regexp.MustCompile(`^rate\(([1-9][0-9]*) (minute|minutes|hour|hours|day|days)\)$`)

// checkAWSSchedule says what is wrong with an expression of EventBridge
// Scheduler, or nothing.
func checkAWSSchedule(expression string) error {
	inner, ok := strings.CutPrefix(expression, "cron(")
	if !ok {
		if !rate.MatchString(expression) {
			return fmt.Errorf("%q is neither a rate nor a cron expression", expression)
		}
		return nil
	}
	if inner, ok = strings.CutSuffix(inner, ")"); !ok {
		return fmt.Errorf("%q lacks the closing parenthesis", expression)
	}
	if err := checkCron(inner, awsCron); err != nil {
		return err
	}
	if parts := strings.Fields(inner); (parts[2] == "?") == (parts[4] == "?") {
		return fmt.Errorf("%q: one of day and weekday must be ?, and only one", expression)
	}
	return nil
}

// onTheHour reports whether a minute field is, or holds, :00 or :30, when many
// others come, too.
func onTheHour(minute string) bool {
	return minute == "*" || strings.Contains(minute, "/") || slices.ContainsFunc(strings.Split(minute, ","), func(m string) bool {
		n, err := strconv.Atoi(m)
		return err != nil || n%30 == 0
	})
}

func TestSchedulesAreTakenAsTheCloudsTakeThem(t *testing.T) {
	for _, tt := range []struct {
		expression string
		aws        bool
		good       bool
	}{
		{"0 17 * * * * *", false, true}, {"0 15 10 * * MON-FRI *", false, true}, {"0 0 10,14,16 * * * *", false, true},
		{"0 */30 9-17 * * * 2026", false, true}, {"17 * * * *", false, false}, {"0 60 * * * * *", false, false},
		{"0 17 * 0 * * *", false, false}, {"0 17 * * * 7 *", false, false}, {"0 17 * * * FUN *", false, false},
		{"0 17 9-5 * * * *", false, false}, {"0 */0 * * * * *", false, false}, {"0 17 * * * * 1969", false, false},
		{"cron(17 * * * ? *)", true, true}, {"cron(17 9 ? * MON-FRI *)", true, true}, {"rate(2 hours)", true, true},
		{"rate(5 minuets)", true, false}, {"rate(0 hours)", true, false}, {"cron(17 * * * * *)", true, false},
		{"cron(17 * ? * ? *)", true, false}, {"cron(17 * * * *)", true, false}, {"cron(17 * * * ? *", true, false},
		{"every hour", true, false}, {"cron(17 25 * * ? *)", true, false},
	} {
		check := func(e string) error { return checkCron(e, scfCron) }
		if tt.aws {
			check = checkAWSSchedule
		}
		if err := check(tt.expression); (err == nil) != tt.good {
			t.Errorf("%s: got %v, want good %t", tt.expression, err, tt.good)
		}
	}
}
