package web

// chinese is what pages say in Chinese, in the words of the messages.
var chinese = words{Language: "zh", Tag: "zh-CN", texts: map[string]string{
	"skip": "跳到正文", "about": "TCSS 专业版授权", "language": "中文",
	"signin": "登录", "signout": "退出", "asof": "数据时间", "overview": "总览",
	"comma": "、", "colon": "：", "stop": "。", "nothing": "无", "busy": "请稍候…", "by": "取代者", "since": "始于",

	"now": "刚刚", "ago": "{span}前", "ahead": "{span}后", "ended.ago": "已到期 {span}", "never": "从未",
	"day.1": "1 天", "day.n": "{n} 天", "hour.1": "1 小时", "hour.n": "{n} 小时", "minute.1": "1 分钟", "minute.n": "{n} 分钟",
	"core.1": "1 核", "core.n": "{n} 核",
	"month.1": "1 月", "month.2": "2 月", "month.3": "3 月", "month.4": "4 月", "month.5": "5 月", "month.6": "6 月",
	"month.7": "7 月", "month.8": "8 月", "month.9": "9 月", "month.10": "10 月", "month.11": "11 月", "month.12": "12 月",

	"severity.critical": "严重", "severity.warning": "警告", "severity.info": "提示", "severity.ok": "正常",
	"status.Normal": "已购买", "status.Pending": "待购买", "status.Isolate": "已隔离", "status.unknown": "未知",

	"need.1": "{total} 个账号中有 1 个需要处理", "need.n": "{total} 个账号中有 {n} 个需要处理", "need.nobody": "未监控任何账号",
	"need.none.1": "唯一的账号一切正常", "need.none.n": "全部 {n} 个账号正常",
	"need.unknown.1": "{total} 个账号中有 1 个尚未读取", "need.unknown.n": "{total} 个账号中有 {n} 个尚未读取",
	"need.muted.1": "其中 1 个已静默", "need.muted.n": "其中 {n} 个已静默",
	"figure.Isolate": "已隔离", "figure.Pending": "待购买", "figure.ended": "已到期", "figure.ending": "30 天内到期",
	"figure.failing": "检查失败", "figure.undelivered": "通知未送达",

	"run.last": "最近一次运行", "run.took": "耗时 {time}", "run.good": "最近一次成功的全量运行", "run.none": "尚无成功的全量运行", "run.late": "（请确认定时任务在运行）", "run.first": "下次运行优先：", "run.more": "另有 {n} 个",
	"run.checked.1": "已检查 1/{accounts}", "run.checked.n": "已检查 {n}/{accounts}",
	"run.failed.1": "失败 1 个", "run.failed.n": "失败 {n} 个", "run.skipped.1": "因时间不足跳过 1 个", "run.skipped.n": "因时间不足跳过 {n} 个",
	"run.notices.1": "通知 1 条", "run.notices.n": "通知 {n} 条", "run.sent.1": "送达 1 次", "run.sent.n": "送达 {n} 次", "run.pending.1": "待发送 1 条", "run.pending.n": "待发送 {n} 条",
	"empty":         "尚未检查。",
	"empty.operate": "请立即检查全部、运行 prowatch check，或等待定时任务。如一直如此，运行 prowatch doctor 可找出原因。",
	"empty.read":    "请运行 prowatch check，或等待定时任务。如一直如此，运行 prowatch doctor 可找出原因。",

	"accounts": "账号", "accounts.caption": "各账号的授权、未解决的问题和检查时间",
	"accounts.none": "请在 prowatch.yaml 的 accounts 下添加账号，然后重新启动 prowatch。",
	"col.account":   "账号", "col.status": "状态", "col.licence": "剩余时间", "col.open": "未解决", "col.good": "最近成功检查", "col.deliveries": "发送",
	"col.problem": "问题", "col.since": "始于", "col.told": "已通知",
	"noend": "到期时间未知", "noend.long": "API 未返回该账号的到期时间，因此只能监控状态，无法监控到期。如需监控到期，请设置 policy.expiry_source: purchase_state。",
	"waiting.1": "待发送 1 条", "waiting.n": "待发送 {n} 条", "unsure.1": "结果未知 1 条", "unsure.n": "结果未知 {n} 条", "dead.1": "未送达 1 条", "dead.n": "未送达 {n} 条",
	"failures.1": "检查失败 1 次", "failures.n": "连续检查失败 {n} 次",
	"class.denied": "鉴权失败", "class.throttled": "被限频", "class.rejected": "请求被拒绝", "class.unreadable": "返回内容无法解读", "class.unavailable": "API 不可用",
	"muted.until": "静默至", "muted.ever": "静默至手动取消", "muted.all": "（包括紧急通知）",

	"problem.status": "防护未生效", "problem.expiry": "即将到期", "problem.capacity": "核数不足", "problem.check": "检查失败", "problem.stale": "长时间未检查",
	"problem.delivery:": "通知渠道 {channel} 发送失败", "problem.ended": "已到期未续费",

	"filter": "筛选账号", "filter.q": "搜索", "filter.status": "状态", "filter.open": "未解决的问题", "filter.severity": "级别", "filter.label": "标签", "filter.sort": "排序",
	"filter.do": "应用", "filter.clear": "显示全部",
	"any.status": "不限", "any.open": "不限", "any.severity": "不限", "any.label": "不限", "any.sort": "最严重在前",
	"condition.need": "需要处理", "condition.Normal": "已购买", "condition.Pending": "待购买", "condition.Isolate": "已隔离", "condition.ended": "已到期", "condition.ending": "30 天内到期",
	"condition.failing": "检查失败", "condition.undelivered": "通知未送达", "condition.muted": "已静默", "condition.unchecked": "尚未读取",
	"open.any": "任何问题", "open.status": "防护未生效", "open.expiry": "即将到期", "open.check": "检查失败", "open.stale": "长时间未检查", "open.capacity": "核数不足", "open.delivery": "渠道发送失败",
	"sort.end": "到期时间", "sort.id": "账号", "sort.checked": "最久未检查",
	"found.1": "{total} 个中的 1 个", "found.n": "{total} 个中的 {n} 个", "found.part": "，显示第 {first} 至 {last} 个", "found.script": "{total} 个中的 {n} 个", "found.none": "没有符合条件的账号。",
	"page.earlier": "← 前面的账号", "page.later": "更多账号 →",

	"ends": "未来十二个月到期", "life": "授权时间已过 {percent}%，{end} 到期", "life.open": "授权的最后 90 天，{end} 到期；开始时间未知",
	"life.nostart": "开始时间未知；最后 90 天", "warned": "到期前 {list} 发送提醒。",

	"channels": "通知渠道", "channels.none": "未配置通知渠道：不会通知任何人。", "channel.ok": "正常", "channel.unused": "尚未使用", "channel.paused": "已暂停", "channel.failing": "发送失败",
	"channel.good": "最近确认送达", "channel.never": "尚无确认送达的消息", "channel.until": "对方要求暂停至",
	"broken.1": "1 个通知渠道发送失败：{list}", "broken.n": "{n} 个通知渠道发送失败：{list}",
	"refused.1": "1 条消息未确认送达", "refused.n": "连续 {n} 条消息未确认送达",

	"notices": "通知", "notices.none": "尚无通知。", "notices.part": "共 {n} 条，第 {first} 至 {last} 条", "newer": "← 较新", "older": "较早 →", "unrouted": "没有匹配的通知渠道",
	"state.pending": "待发送", "state.claimed": "发送中", "state.held": "静默暂存", "state.sent": "已送达", "state.accepted": "对方已接收", "state.unknown": "可能已送达", "state.superseded": "已被取代", "state.dead": "未送达",
	"attempts.1": "尝试 1 次", "attempts.n": "尝试 {n} 次",

	"notice.baseline.recorded": "首次读取：{status}", "notice.status.changed": "{before} → {after}",
	"notice.expiry.changed": "到期时间变更为 {end}", "notice.expiry.changed:set": "已获取到期时间：{end}", "notice.expiry.changed:renewed": "已续费，{end} 到期", "notice.expiry.changed:shortened": "到期时间提前至 {end}",
	"notice.expiry.approaching": "{left}后到期，{end}", "notice.expiry.reached": "已到期，{end}",
	"notice.capacity.changed:short": "缺 {after}", "notice.capacity.changed:met": "核数已补足", "notice.capacity.changed:limit": "弹性计费上限：{before} → {after}",
	"notice.resource.changed": "资源 ID：{before} → {after}",
	"notice.check.failing":    "API 不可用：{failures}", "notice.check.failing:denied": "检查鉴权失败", "notice.check.failing:throttled": "检查被限频", "notice.check.failing:rejected": "检查请求被拒绝", "notice.check.failing:unreadable": "返回内容无法解读",
	"notice.check.recovered": "检查已恢复", "notice.problem.reminder": "第 {count} 次提醒：{problem}，已持续 {span}",
	"notice.delivery.failed": "通知渠道 {channel} 发送失败", "notice.delivery.recovered": "通知渠道 {channel} 已恢复",
	"notice.account.stale": "长时间未检查", "notice.account.checked": "已恢复检查", "notice.watch.alive": "运行情况定期通报", "notice.account.removed": "不再监控", "notice.notify.test": "测试消息", "notice.other": "{type}",

	"account.unknown": "没有监控名为此的账号，可能已从配置中移除。",
	"problems":        "未解决的问题", "problems.none": "无。", "checks": "检查", "checks.last": "最近检查", "checks.why": "失败原因",
	"edition": "版本信息", "edition.means": "已确认的内容，API 原文。", "edition.none": "尚未读取。", "short": "缺 {cores}：运行中的核数超过已购核数。",
	"console.renew": "前往控制台续费", "console.buy": "前往控制台购买", "console.open": "前往控制台查看",
	"badge": "徽章", "badge.alt": "该账号的徽章", "badge.means": "可放在文档或 README 中。持有此链接的人只能看到状态。", "copy": "复制", "copied": "已复制",
	"calendar": "到期日历",

	"check.all": "立即检查全部", "check.one": "立即检查", "check.busy": "检查中…",
	"mute": "静默", "unmute": "取消静默", "mute.one": "静默 {name}", "unmute.one": "取消静默 {name}", "mute.title": "静默", "mute.do": "静默",
	"mute.means": "静默期间的通知会暂存，结束后补发。新出现的问题仍会立即通知。",
	"mute.for":   "时长", "mute.4h": "4 小时", "mute.1d": "1 天", "mute.7d": "7 天", "mute.30d": "30 天", "mute.ever": "直到手动取消", "mute.reason": "原因", "mute.all": "紧急通知也暂存",
	"done.checked": "检查完成，结果见本页。", "done.handedout": "已分发给工作实例，结果将陆续显示在本页。", "done.muted": "已静默。", "done.unmuted": "已取消静默，暂存的通知由下次运行发送。", "done.other": "已完成。",
	"failed.checked": "部分检查失败，详见下方。", "failed.muted": "静默失败，未作任何更改。", "failed.unmuted": "取消静默失败，未作任何更改。", "failed.other": "操作失败，未作任何更改。",
	"partial": "部分记录无法读取：",

	"token": "令牌", "token.means": "配置中 http.tokens 里的一个。read 权限可查看本页；operate 权限还可检查和静默。",
	"fault.token": "该令牌未配置或已过期。", "fault.rate": "尝试次数过多，请一分钟后再试。", "fault.csrf": "页面已过期，请重试。",
	"closed": "未配置令牌，无法登录。请在 prowatch.yaml 中添加：", "closed.env": "或设置 PROWATCH_HTTP_TOKEN。令牌应足够长且随机：openssl rand -hex 32。",
}}
