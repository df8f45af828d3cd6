package web_test

import (
	"strings"
	"testing"
	"time"

	"prowatch/watch"
	"prowatch/web/webtest"
)

func TestEveryNoticeHasATitle(t *testing.T) {
	end := webtest.Now.Add(5 * 24 * time.Hour)
	capacity := func(cores, limit uint64) watch.Value {
		return watch.Value{Capacity: &watch.Capacity{CoresCnt: cores, MaxPostPayCoresCnt: limit}}
	}
	text := func(s string) watch.Value { return watch.Value{Text: s} }
	for _, tt := range []struct {
		notice watch.Notice
		en, zh string
	}{
		{watch.Notice{Type: watch.BaselineRecorded, Edition: watch.Edition{Status: watch.Pending}}, "First reading: Pending", "首次读取：待购买"},
		{watch.Notice{Type: watch.StatusChanged, Before: text("Normal"), After: text("Isolate")}, "Normal → Isolate", "已购买 → 已隔离"},
		{watch.Notice{Type: watch.StatusChanged, Before: text("Normal"), After: text("Paused")}, "Normal → Paused", "已购买 → Paused"},
		{watch.Notice{Type: watch.ExpiryChanged, Kind: watch.KindSet, EndTime: end}, "End is known: 2026-06-22 22:32 UTC+8", "已获取到期时间：2026-06-22 22:32 UTC+8"},
		{watch.Notice{Type: watch.ExpiryChanged, Kind: watch.KindRenewed, EndTime: end}, "Renewed, ends 2026-06-22 22:32 UTC+8", "已续费，2026-06-22 22:32 UTC+8 到期"},
		{watch.Notice{Type: watch.ExpiryChanged, Kind: watch.KindShortened, EndTime: end}, "Now ends earlier, 2026-06-22", "到期时间提前至 2026-06-22"},
		{watch.Notice{Type: watch.ExpiryChanged, Kind: "new", EndTime: end}, "End changed to 2026-06-22", "到期时间变更为 2026-06-22"},
		{watch.Notice{Type: watch.ExpiryApproaching, EndTime: end}, "Ends in 5 days, 2026-06-22", "5 天后到期，2026-06-22"},
		{watch.Notice{Type: watch.ExpiryApproaching}, "Ends in –, –", "–后到期，–"},
		{watch.Notice{Type: watch.ExpiryReached, EndTime: end}, "Ended 2026-06-22", "已到期，2026-06-22"},
		{watch.Notice{Type: watch.CapacityChanged, Before: capacity(0, 500), After: capacity(1, 500)}, "1 core short", "缺 1 核"},
		{watch.Notice{Type: watch.CapacityChanged, Before: capacity(9, 500), After: capacity(0, 500)}, "Enough cores again", "核数已补足"},
		{watch.Notice{Type: watch.CapacityChanged, Before: capacity(0, 500), After: capacity(0, 700)}, "Elastic limit: 500 cores → 700 cores", "弹性计费上限：500 核 → 700 核"},
		{watch.Notice{Type: watch.ResourceChanged, Before: text("r-1"), After: text("r-2")}, "Resource: r-1 → r-2", "资源 ID：r-1 → r-2"},
		{watch.Notice{Type: watch.CheckFailing, Class: watch.Denied}, "Check denied", "检查鉴权失败"},
		{watch.Notice{Type: watch.CheckFailing, Class: watch.Unavailable, Failures: 3}, "API unavailable: 3 failed checks in a row", "API 不可用：连续检查失败 3 次"},
		{watch.Notice{Type: watch.CheckRecovered, Resolves: []string{"check"}}, "Can be read again", "检查已恢复"},
		{watch.Notice{Type: watch.ProblemReminder, Problem: watch.ProblemStatus, Count: 2, Since: webtest.Now.Add(-50 * time.Hour)}, "Reminder 2: Not in force, open for 2 days", "第 2 次提醒：防护未生效，已持续 2 天"},
		{watch.Notice{Type: watch.ProblemReminder, Problem: "new"}, "Reminder 0: new, open for –", "第 0 次提醒：new，已持续 –"},
		{watch.Notice{Type: watch.DeliveryFailed, Opens: "delivery:sec"}, "Channel sec is failing", "通知渠道 sec 发送失败"},
		{watch.Notice{Type: watch.DeliveryRecovered, Resolves: []string{"delivery:sec"}}, "Channel sec works again", "通知渠道 sec 已恢复"},
		{watch.Notice{Type: watch.AccountStale}, "Checks overdue", "长时间未检查"},
		{watch.Notice{Type: watch.AccountChecked, Resolves: []string{"stale"}}, "Checked again", "已恢复检查"},
		{watch.Notice{Type: watch.WatchAlive}, "Word of life", "运行情况定期通报"},
		{watch.Notice{Type: watch.AccountRemoved}, "No longer watched", "不再监控"},
		{watch.Notice{Type: watch.NotifyTest}, "Test message", "测试消息"},
		{watch.Notice{Type: "weather.changed"}, "weather.changed", "weather.changed"},
	} {
		p := page(12)
		tt.notice.Account, tt.notice.At, tt.notice.Severity = "acme-prod-000", webtest.Now, watch.Info
		p.Entries = []watch.Entry{{Notice: tt.notice}}
		shows(t, written(t, p), `<p class="title">`+tt.en, "Routed to no channel")
		p.Language = "zh"
		shows(t, written(t, p), `<p class="title">`+tt.zh)
	}
}

func TestGoodNewsIsTagged(t *testing.T) {
	p := page(1)
	p.Entries = []watch.Entry{{Notice: watch.Notice{Account: "acme-prod-000", Type: watch.CheckRecovered, Severity: watch.Info, At: webtest.Now, Resolves: []string{"check"}}}}
	if text := written(t, p); !strings.Contains(text, `<li class="good">`) || !strings.Contains(text, `<b class="level">OK</b>`) {
		t.Error("a recovery is not told as good news")
	}
}

func TestANoticeOfAnAccountThatLeftHasNoLink(t *testing.T) {
	p := page(1)
	p.Entries = []watch.Entry{{Notice: watch.Notice{Account: "gone", Type: watch.AccountRemoved, Severity: watch.Info, At: webtest.Now}}}
	text := written(t, p)
	shows(t, text, "<span>gone</span>", "No longer watched")
	lacks(t, text, "/accounts/gone")
}

func TestANoticeOfProwatchItselfBearsItsName(t *testing.T) {
	p := page(1)
	p.Entries = []watch.Entry{{Notice: watch.Notice{Account: watch.WatchAccount, Type: watch.WatchAlive, Severity: watch.Info, At: webtest.Now}}}
	text := written(t, p)
	shows(t, text, "<span>prowatch</span>", "Word of life")
	lacks(t, text, watch.WatchAccount)
}

func TestEveryReceiptSaysWhatBecameOfIt(t *testing.T) {
	p := page(1)
	p.Entries = p.Entries[:1]
	p.Entries[0].Receipts = map[string]watch.Receipt{
		"a": {State: watch.StatePending, Since: webtest.Now.Add(-time.Hour)},
		"b": {State: watch.StateSuperseded, Since: webtest.Now, By: "0123456789abcdef"},
		"c": {State: watch.StateDead, At: webtest.Now, Code: "93000", Text: "the address is not known", Attempts: 4},
		"d": {State: "new", At: webtest.Now},
	}
	shows(t, written(t, p), "a pending 1 hour ago", "b superseded just now · by 0123456789abcdef", "c not delivered just now · 93000 the address is not known (4 attempts)", "d new just now")
}
