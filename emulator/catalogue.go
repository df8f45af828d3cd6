package emulator

import "strings"

// catalogue is every code whose message the emulator knows, once each, so that
// a fault may name the code alone. The texts without a name of their own are
// the vendor's descriptions of the codes.
var catalogue = index(
	textInvalidAuthorization, textSecretIDNotFound, textSignatureExpire,
	textSignatureFailure, textTokenFailure, textInvalidAction, textNoSuchVersion,
	textMissingParameter, textTypeError, textInvalidValue, textUnknownParameter,
	textUnsupportedProtocol, textSizeLimit, textRequestLimit, textNotAuthorized,
	textBadMultipart,

	// The four that DescribeProVersionInfo names as its own.
	text{"InternalError", "An internal error occurred.", "内部错误。"},
	text{"InternalError.ErrRoleNotExist", "The user is unauthorized.", "用户未授权。"},
	text{"InternalError.MainDBFail", "The database operation failed.", "操作数据库失败。"},
	text{"InvalidParameter.ParsingError", "A parameter parsing error occurred.", "参数解析错误。"},

	text{"ActionOffline", "This API has been deprecated.", "接口已下线。"},
	text{"AuthFailure.InvalidSecretId", "Invalid key (not a TencentCloud API key type).", "密钥非法（不是云API密钥类型）。"},
	text{"AuthFailure.MFAFailure", "MFA failed.", "MFA错误。"},
	text{"DryRunOperation", "DryRun Operation. It means that the request would have succeeded, but the DryRun parameter was used.", "DryRun操作，代表请求将会是成功的，只是多传了DryRun参数。"},
	text{"FailedOperation", "Operation failed.", "操作失败。"},
	text{"IpInBlacklist", "Your IP is in uin IP blacklist.", "IP地址在黑名单中。"},
	text{"IpNotInWhitelist", "Your IP is not in uin IP whitelist.", "IP地址不在白名单中。"},
	text{"LimitExceeded", "Quota limit exceeded.", "超过配额限制。"},
	text{"NoSuchProduct", "The product does not exist.", "产品不存在。"},
	text{"OperationDenied", "The operation was denied.", "操作被拒绝。"},
	text{"RequestLimitExceeded.GlobalRegionUinLimitExceeded", "Uin exceeds the frequency limit.", "主账号超过频率限制。"},
	text{"RequestLimitExceeded.IPLimitExceeded", "The number of ip requests exceeds the frequency limit.", "IP限频。"},
	text{"RequestLimitExceeded.UinLimitExceeded", "The number of uin requests exceeds the frequency limit.", "主账号限频。"},
	text{"ResourceInUse", "Resource is in use.", "资源被占用。"},
	text{"ResourceInsufficient", "Insufficient resource.", "资源不足。"},
	text{"ResourceNotFound", "The resource does not exist.", "资源不存在。"},
	text{"ResourceUnavailable", "Resource is unavailable.", "资源不可用。"},
	text{"ResponseSizeLimitExceeded", "The response size exceeds the upper limit.", "返回包超过限制大小。"},
	text{"ServiceUnavailable", "Service is unavailable now.", "当前服务暂时不可用。"},
	text{"UnauthorizedOperation", "Unauthorized operation.", "未授权操作。"},
	text{"UnsupportedOperation", "Unsupported operation.", "操作不支持。"},
	text{"UnsupportedRegion", "API does not support the requested region.", "接口不支持所传地域。"},
)

func index(ts ...text) map[string]text {
	m := make(map[string]text, len(ts))
	for _, t := range ts {
		m[t.code] = t
	}
	return m
}

// textOf returns the text for code. A code with a subcode that is not listed
// has the text of the code before its last dot.
func textOf(code string) (text, bool) {
	for c := code; ; {
		if t, ok := catalogue[c]; ok {
			t.code = code
			return t, true
		}
		dot := strings.LastIndexByte(c, '.')
		if dot < 0 {
			return text{}, false
		}
		c = c[:dot]
	}
}
