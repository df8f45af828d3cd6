package notify

// chinese is the Chinese catalogue, in the terms of Tencent's own console:
// 专业版, 续费, 到期, 隔离, 待购买, 弹性计费上限.
var chinese = Catalogue{
	Sayings: map[string]Saying{
		"baseline.recorded:Normal": {
			Title:  "TCSS 专业版正常，{end} 到期",
			Means:  "首次读取成功：今后如有变化会通知，到期前会提前提醒。",
			Action: "前往控制台查看",
		},
		"baseline.recorded:Endless": {
			Title:  "TCSS 专业版正常，到期时间未知，{at}",
			Means:  "API 未返回该账号的到期时间，因此只能监控状态，无法监控到期。如需监控到期，请设置 policy.expiry_source: purchase_state，并授予 tcss:DescribePurchaseStateInfo 权限。",
			Action: "前往控制台核对到期时间",
		},
		"baseline.recorded:Pending": {
			Title:  "TCSS 专业版未购买，{at}",
			Means:  "首次读取成功：该账号的容器没有专业版防护。购买后会通知。",
			Action: "前往控制台购买",
		},
		"baseline.recorded:Isolate": {
			Title:  "TCSS 专业版已隔离，{at}",
			Means:  "首次读取成功：专业版已到期并被隔离，防护已停止。续费后恢复。",
			Action: "前往控制台续费",
		},

		"status.changed:Normal": {
			Title:  "TCSS 专业版状态：{before} → {after}，{at}",
			Means:  "专业版已生效。",
			Action: "前往控制台查看",
		},
		"status.changed:Isolate": {
			Title:  "TCSS 专业版状态：{before} → {after}，{at}",
			Means:  "专业版已到期并被隔离，防护已停止。请趁还能续费时立即续费。",
			Action: "前往控制台续费",
		},
		"status.changed:Pending": {
			Title:  "TCSS 专业版状态：{before} → {after}，{at}",
			Means:  "专业版已失效：重新购买之前，该账号的容器没有专业版防护。",
			Action: "前往控制台购买",
		},
		"status.changed": {
			Title: "TCSS 专业版状态：{before} → {after}，{at}",
		},

		"expiry.changed:set": {
			Title:  "已获取 TCSS 专业版到期时间：{end}",
			Means:  "即日起监控该到期时间。",
			Action: "前往控制台查看",
		},
		"expiry.changed:renewed": {
			Title:  "TCSS 专业版已续费，{end} 到期",
			Means:  "防护不中断。新的到期时间临近时照常提醒。",
			Action: "前往控制台查看",
		},
		"expiry.changed:shortened": {
			Title:  "TCSS 专业版到期时间提前至 {end}",
			Means:  "到期时间比之前早，常见于退费或变更订单。如无人操作，请核查。",
			Action: "前往控制台核对订单",
		},
		"expiry.changed": {
			Title: "TCSS 专业版到期时间变更为 {end}",
		},
		"expiry.approaching": {
			Title:  "TCSS 专业版 {left}后到期，{end}",
			Means:  "如不续费，防护将失效：腾讯云文档称到期后可延期使用 5 天，即至 {grace}，请勿指望更长的宽限期。",
			Action: "前往控制台续费",
		},
		"expiry.reached": {
			Title:  "TCSS 专业版已到期，{end}",
			Means:  "尚未续费。腾讯云文档称到期后可延期使用 5 天，即至 {grace}；之后预计被隔离，失去防护。请立即续费。",
			Action: "前往控制台续费",
		},

		"capacity.changed:short": {
			Title:  "TCSS 专业版缺 {cores}，{at}",
			Means:  "运行中的核数超过已购核数。补购之前，超出部分按天弹性计费，以弹性计费上限为限。",
			Action: "前往控制台补购核数",
		},
		"capacity.changed:met": {
			Title:  "TCSS 专业版核数已补足，{at}",
			Means:  "运行中的核数已全部购买。",
			Action: "前往控制台查看",
		},
		"capacity.changed:limit": {
			Title:  "TCSS 弹性计费上限已变更，{at}",
			Means:  "弹性计费上限是已购核数之外最多可按天计费的核数。",
			Action: "前往控制台查看",
		},
		"resource.changed": {
			Title:  "TCSS 专业版资源 ID 已变更，{at}",
			Means:  "专业版换了资源 ID，常见于重新下单。如无人购买或迁移，请核查。",
			Action: "前往控制台查看",
		},

		"check.failing:denied": {
			Title:  "TCSS 专业版检查鉴权失败，{at}",
			Means:  "修复之前无法检查该账号：请确认密钥存在且已启用、拥有 tcss:DescribeProVersionInfo 权限，并且该账号已授权 TCSS。运行 prowatch doctor 可找出原因。",
			Action: "前往控制台检查密钥",
			Page:   accessKeys,
		},
		"check.failing:denied:AuthFailure.SecretIdNotFound": {
			Title:  "TCSS 专业版检查鉴权失败，{at}",
			Means:  "修复之前无法检查该账号：密钥不存在，可能已被删除或填写有误。请将 secret_id 和 secret_key 设为已启用的密钥。",
			Action: "前往控制台检查密钥",
			Page:   accessKeys,
		},
		"check.failing:denied:AuthFailure.SignatureFailure": {
			Title:  "TCSS 专业版检查鉴权失败，{at}",
			Means:  "修复之前无法检查该账号：SecretKey 与 SecretId 不匹配。请重新完整复制并设置这一对密钥。",
			Action: "前往控制台检查密钥",
			Page:   accessKeys,
		},
		"check.failing:denied:AuthFailure.SignatureExpire": {
			Title: "TCSS 专业版检查鉴权失败，{at}",
			Means: "修复之前无法检查该账号：运行 prowatch 的机器时钟不准。请校准时钟，并用 NTP 保持同步。",
		},
		"check.failing:denied:AuthFailure.UnauthorizedOperation": {
			Title:  "TCSS 专业版检查鉴权失败，{at}",
			Means:  "修复之前无法检查该账号：密钥缺少权限。请授予 tcss:DescribeProVersionInfo；运行 prowatch config policy 可输出所需策略。",
			Action: "前往控制台检查权限",
			Page:   permissions,
		},
		"check.failing:denied:UnauthorizedOperation": {
			Title:  "TCSS 专业版检查鉴权失败，{at}",
			Means:  "修复之前无法检查该账号：密钥缺少权限。请授予 tcss:DescribeProVersionInfo；运行 prowatch config policy 可输出所需策略。",
			Action: "前往控制台检查权限",
			Page:   permissions,
		},
		"check.failing:denied:InternalError.ErrRoleNotExist": {
			Title:  "TCSS 专业版检查鉴权失败，{at}",
			Means:  "修复之前无法检查该账号：该账号没有 TCSS 的服务角色。请在控制台打开一次容器安全服务并完成授权。",
			Action: "前往控制台授权 TCSS",
		},
		"check.failing:throttled": {
			Title: "TCSS 专业版检查被限频，{at}",
			Means: "限频期间无法发现变化。该 API 每个账号每秒最多 20 次请求，请排查还有谁在调用。",
		},
		"check.failing:rejected": {
			Title: "TCSS 专业版检查请求被拒绝，{at}",
			Means: "故障期间无法发现变化。API 不接受该请求：请检查账号的 site 和 endpoint，并查看 prowatch 是否有新版本。",
		},
		"check.failing:unreadable": {
			Title: "TCSS 专业版返回内容无法解读，{at}",
			Means: "故障期间无法发现变化。API 返回的内容不可信：请查看 prowatch 是否有新版本。",
		},
		"check.failing": {
			Title: "TCSS 专业版 API 不可用，{at}",
			Means: "故障期间无法发现变化。已知的到期时间仍在监控，检查会继续进行。",
		},
		"check.recovered": {
			Title:  "TCSS 专业版检查已恢复，{at}",
			Means:  "检查恢复正常。其间如有变化，会另行通知。",
			Action: "前往控制台查看",
		},

		"problem.reminder:Isolate": {
			Title:  "TCSS 专业版自 {since} 起处于隔离状态",
			Means:  "仍未续费，防护处于停止状态。请续费；如确定不再使用，请用 prowatch mute 静默该账号。",
			Action: "前往控制台续费",
		},
		"problem.reminder:Pending": {
			Title:  "TCSS 专业版自 {since} 起待购买",
			Means:  "仍未重新购买，没有专业版防护。请购买；如确定不再使用，请用 prowatch mute 静默该账号。",
			Action: "前往控制台购买",
		},
		"problem.reminder:expiry": {
			Title:  "TCSS 专业版已到期未续费，{end}",
			Means:  "腾讯云文档称到期后可延期使用 5 天，即至 {grace}；之后预计被隔离，失去防护。请立即续费。",
			Action: "前往控制台续费",
		},
		"problem.reminder:check": {
			Title: "TCSS 专业版检查自 {since} 起持续失败",
		},
		"problem.reminder:check:denied": {
			Title: "TCSS 专业版检查自 {since} 起持续鉴权失败",
		},
		"problem.reminder": {
			Title: "自 {since} 起未解决的问题：{problem}",
		},

		"delivery.failed": {
			Title: "通知渠道 {channel} 发送失败，{at}",
			Means: "消息无法送达该渠道。被拒收的消息已保留：修复渠道后，运行 prowatch redrive 重发。",
		},
		"delivery.recovered": {
			Title: "通知渠道 {channel} 已恢复，{at}",
			Means: "运行 prowatch redrive 可重发其间被拒收的消息。",
		},
		"account.stale": {
			Title: "TCSS 专业版长时间未检查，{at}",
			Means: "该账号已很久没有检查：请确认定时任务在运行，且一次运行的时间够检查所有账号。",
		},
		"account.checked": {
			Title: "TCSS 专业版已恢复检查，{at}",
		},
		"account.removed": {
			Title: "TCSS 专业版不再监控，{at}",
			Means: "该账号已从配置中移除，今后不再通知。",
		},
		"notify.test": {
			Title: "测试消息，{at}",
			Means: "该渠道可用：prowatch 可以在此通知您。一切正常。",
		},
		"watch.alive":       {Title: "prowatch 运行正常：{accounts}，{health}", Means: aliveMeansChinese},
		"watch.alive:end":   {Title: "prowatch 运行正常：{accounts}，{health}；最近到期 {nearest}，{left}后", Means: aliveMeansChinese},
		"watch.alive:ended": {Title: "prowatch 运行正常：{accounts}，{health}；{nearest} 已于 {left}前到期", Means: aliveMeansChinese},
		"other": {
			Title: "{type}，{at}",
		},
	},

	Words: map[string]string{
		"tag": "【{tag}】", "id": "编号 {id}", "comma": "、",
		"severity.critical": "严重", "severity.warning": "警告", "severity.info": "提示", "severity.ok": "正常",
		"status.Normal": "已购买", "status.Pending": "待购买", "status.Isolate": "已隔离",
		"renewal.on": "已开启", "renewal.off": "未开启",

		"day.1": "1 天", "day.n": "{n} 天",
		"hour.1": "1 小时", "hour.n": "{n} 小时",
		"minute.1": "1 分钟", "minute.n": "{n} 分钟",
		"core.1": "1 核", "core.n": "{n} 核",
		"account.1": "1 个账号", "account.n": "{n} 个账号",
		"health.all": "全部{status}", "health.some": "{status} {n} 个", "unread.1": "尚未读取 1 个", "unread.n": "尚未读取 {n} 个",
		"waiting.1": "待发送 1 条", "waiting.n": "待发送 {n} 条", "unsure.1": "结果未知 1 条", "unsure.n": "结果未知 {n} 条", "dead.1": "未送达 1 条", "dead.n": "未送达 {n} 条",
		"run.1": "自 {since} 起 1 次", "run.n": "自 {since} 起 {n} 次",
		"tally.critical.1": "严重 1 条", "tally.critical.n": "严重 {n} 条",
		"tally.warning.1": "警告 1 条", "tally.warning.n": "警告 {n} 条",
		"tally.info.1": "提示 1 条", "tally.info.n": "提示 {n} 条",

		"label.status": "状态", "label.end": "到期时间", "label.resource": "资源 ID", "label.change": "变更",
		"label.cores": "待购买核数", "label.elastic": "弹性计费上限（核）", "label.said": "原因", "label.message": "消息",
		"label.ends": "到期", "label.ended": "已到期", "label.failures": "连续失败次数",
		"label.problems": "未解决的问题", "label.nearest": "最近到期", "label.failing": "检查失败的账号", "label.owed": "通知", "label.good": "最近一次成功运行", "label.runs": "运行次数",
		"label.reminder": "提醒", "label.lasted": "问题持续", "label.renewal": "自动续费", "label.known": "最近已知状态", "label.labels": "标签", "label.runbook": "处置手册",

		"nearest.ahead": "{nearest}，{end}（{left}后）", "nearest.past": "{nearest}，{end}（{left}前）",
		"deadline.ahead": "{end}（{left}后）", "deadline.past": "{end}（{left}前）",
		"reminder": "第 {count} 次，自 {since} 起未解决", "lasted": "{duration}，自 {since} 起",
		"none": "无", "action": "前往控制台查看", "seen": "观测于 {at}",

		"remark.duplicate":    "可能重复：之前的一次发送或已送达，编号相同。",
		"remark.late":         "延迟送达：以下情况观测于 {at}，距本消息发出已过 {age}。",
		"digest.count":        "共 {n} 条通知，最严重的在前：{list}。",
		"digest.more":         "另有 {n} 条",
		"digest.end":          "prowatch 摘要 · 编号 {id}",
		"digest.rest.history": "另有 {n} 条因篇幅未列出：{list}。可用 prowatch history 查看 · 编号 {id}",
		"digest.rest.page":    "另有 {n} 条因篇幅未列出：{list}。详见状态页 · 编号 {id}",
	},
}
