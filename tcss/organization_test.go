package tcss

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"prowatch/watch"
)

func TestAllMembersAreListed(t *testing.T) {
	for _, n := range []int{0, 1, 49, 50, 51, 100, 137} {
		e, o := hub(t, n)
		members, err := Members(t.Context(), o)
		if err != nil || len(members) != n {
			t.Errorf("%d members: got %d, %v", n, len(members), err)
		}
		if n > 0 && (members[n-1] != Member{fmt.Sprint(200000000000 + n - 1), fmt.Sprint("team ", n-1), "labs"}) {
			t.Errorf("the last of %d is %+v", n, members[n-1])
		}
		if got, want := len(e.Requests()), max(1, (n+49)/50); got != want {
			t.Errorf("%d members: %d requests, want %d", n, got, want)
		}
	}
}

func TestWhoDoesNotManageTheOrganisationIsDenied(t *testing.T) {
	_, o := hub(t, 3)
	o.Credentials = Static(Credentials{SecretID: "AKIDstranger", SecretKey: "stranger-key"})
	_, err := Members(t.Context(), o)
	if f := failed(t, err); f.Class != watch.Denied || !strings.Contains(Mend(f), "organization:DescribeOrganizationMembers") {
		t.Errorf("failure: %v: %s", f, Mend(f))
	}
}

// A member joins or leaves between two pages: the list is read again, and is an
// error rather than half a list.
func TestAListThatChangesIsReadAgain(t *testing.T) {
	page := func(from, n, total int) string {
		var items []string
		for i := range n {
			items = append(items, fmt.Sprintf(`{"MemberUin":%d,"Name":null}`, from+i))
		}
		return fmt.Sprintf(`{"Response":{"Items":[%s],"Total":%d,"RequestId":"r"}}`, strings.Join(items, ","), total)
	}
	for _, tt := range []struct {
		name  string
		pages []string
		want  int // -1 for an error
	}{
		{"one leaves meanwhile", []string{page(1, 50, 60), page(52, 9, 59), page(2, 50, 59), page(52, 9, 59)}, 59},
		{"it never rests", []string{page(1, 50, 60), page(50, 10, 60), page(1, 50, 60), page(50, 10, 60)}, -1},
		{"a page is empty", []string{page(1, 50, 60), page(51, 0, 60), page(1, 50, 60), page(51, 0, 60)}, -1},
		{"a member has no number", []string{`{"Response":{"Items":[{"Name":"x"}],"Total":1}}`}, -1},
		{"there is no total", []string{`{"Response":{"Items":[]}}`}, -1},
	} {
		asked := 0
		o := Options{Credentials: Static(testKey), Transport: transport(func(*http.Request) (*http.Response, error) {
			asked++
			return reply(200, tt.pages[asked-1])
		})}
		members, err := Members(t.Context(), o)
		if (err != nil) != (tt.want < 0) || err == nil && len(members) != tt.want || asked != len(tt.pages) {
			t.Errorf("%s: %d members, %v, after %d requests", tt.name, len(members), err, asked)
		}
	}
}

// Who compares lists must not take another order for other members.
func TestMembersAreInTheOrderOfTheirNumbers(t *testing.T) {
	o := Options{Credentials: Static(testKey), Transport: transport(func(*http.Request) (*http.Response, error) {
		return reply(200, `{"Response":{"Items":[{"MemberUin":200000000002},{"MemberUin":9},{"MemberUin":200000000001}],"Total":3,"RequestId":"r"}}`)
	})}
	members, err := Members(t.Context(), o)
	if err != nil || members[0].UIN != "9" || members[1].UIN != "200000000001" || members[2].UIN != "200000000002" {
		t.Errorf("got %+v, %v", members, err)
	}
}

func TestASecretIsHadInItsVersion(t *testing.T) {
	_, o := hub(t, 0)
	if v, err := SecretValue(t.Context(), o, "", "prowatch", "v1"); err != nil || v != "SecretCanary-0123" {
		t.Errorf("got %q, %v", v, err)
	}
	_, err := SecretValue(t.Context(), o, "ap-hongkong", "prowatch", "v2")
	if f := failed(t, err); f.Code != "ResourceNotFound" {
		t.Errorf("another version: %v", f)
	}
	o.Transport = transport(func(*http.Request) (*http.Response, error) {
		return reply(200, `{"Response":{"SecretString":"","SecretBinary":"YmluYXJ5"}}`)
	})
	if v, err := SecretValue(t.Context(), o, "", "prowatch", "v1"); err != nil || v != "binary" {
		t.Errorf("got %q, %v", v, err)
	}
}
