package tcss

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"prowatch/watch"
)

// A Member is an account of an organisation.
type Member struct {
	UIN        string // its number
	Name       string
	Department string // "" for none
}

// membersPage is the most that one answer lists,
// https://tencentcloud.com/document/api/1031/52062.
const membersPage = 50

// listing begins the messages of failures to list an organisation. [Mend] knows
// them by it.
const listing = "listing the organisation: "

// Members lists the members of the organisation that the key's account manages,
// all of them, by their numbers: two lists of the same members are the same. One
// that changes while it is read is read again, once. Its error is a [*watch.Failure].
func Members(ctx context.Context, o Options) ([]Member, error) {
	c, err := newClient(o, organization)
	if err != nil {
		return nil, err
	}
	members, f := c.members(ctx)
	if f == nil && members == nil {
		members, f = c.members(ctx)
	}
	if f == nil && members == nil {
		f = unavailable("it changed while it was read")
	}
	if f != nil {
		f.Message = listing + f.Message
		return nil, tidy(f)
	}
	slices.SortFunc(members, func(a, b Member) int {
		return cmp.Or(cmp.Compare(len(a.UIN), len(b.UIN)), cmp.Compare(a.UIN, b.UIN))
	})
	return members, nil
}

// members reads all pages. It returns none where they do not go together: one
// says that there are more or fewer members than another, or than there are.
func (c *Client) members(ctx context.Context) ([]Member, *watch.Failure) {
	members := []Member{}
	seen, first := map[string]bool{}, 0
	for offset := 0; ; offset += membersPage {
		page, total, f := c.membersFrom(ctx, offset)
		if f != nil {
			return nil, f
		}
		for _, m := range page {
			if !seen[m.UIN] {
				seen[m.UIN] = true
				members = append(members, m)
			}
		}
		if offset == 0 {
			first = total
		}
		switch {
		case total != first:
			return nil, nil
		case len(page) > 0 && offset+len(page) < total:
		case len(members) != total:
			return nil, nil
		default:
			return members, nil
		}
	}
}

func (c *Client) membersFrom(ctx context.Context, offset int) (page []Member, total int, f *watch.Failure) {
	response, f := c.call(ctx, "DescribeOrganizationMembers", map[string]any{"Offset": offset, "Limit": membersPage})
	if f != nil {
		return nil, 0, f
	}
	var answer struct {
		Items []struct {
			MemberUin json.Number
			Name      *string
			NodeName  *string
		}
		Total     *int
		RequestId string
	}
	err := json.Unmarshal(response, &answer)
	if err == nil && answer.Total == nil {
		err = fmt.Errorf("Total is missing")
	}
	for _, item := range answer.Items {
		if n, bad := item.MemberUin.Int64(); err == nil && (bad != nil || n <= 0) {
			err = fmt.Errorf("a member has no MemberUin")
		}
		m := Member{UIN: item.MemberUin.String()}
		if item.Name != nil {
			m.Name = *item.Name
		}
		if item.NodeName != nil {
			m.Department = *item.NodeName
		}
		page = append(page, m)
	}
	if err != nil {
		return nil, 0, &watch.Failure{Class: watch.Unreadable, Message: "the answer of DescribeOrganizationMembers cannot be read: " + err.Error(), RequestID: answer.RequestId}
	}
	return page, *answer.Total, nil
}
