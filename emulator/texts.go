package emulator

import "strings"

// language is one of the two languages the service answers in.
type language string

const (
	english language = "en-US"
	chinese language = "zh-CN"
)

// text is one message of the service under its error code. Words in braces
// are filled in by [text.message].
type text struct {
	code, en, zh string
}

// message returns the text in lang with its blanks filled in. pairs are
// blank, value, blank, value.
func (t text) message(lang language, pairs ...string) string {
	s := t.en
	if lang == chinese {
		s = t.zh
	}
	if !strings.Contains(s, "{") {
		return s
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// Messages that the emulator itself gives. Both languages are as the service
// gives them unless the comment says otherwise. Sources: the list of messages
// in the vendor's error centre (also found in the generated TCCommonError.swift
// of teco-project/teco-core), answers quoted in issues of the vendor's SDKs
// (named where they stand alone), and the descriptions in the SDKs.
var (
	textInvalidAuthorization = text{"AuthFailure.InvalidAuthorization",
		// tencentcloud-sdk-go issue 89 has `Service` in Credential. The other
		// parts that may stand in its place are guessed, and so is the Chinese.
		"The request `Authorization` header does not conform to tencentcloud standards: {part} not valid.",
		"请求头部的 `Authorization` 不符合腾讯云标准：{part} 不合法。"}
	textSecretIDNotFound = text{"AuthFailure.SecretIdNotFound",
		"The SecretId is not found, please ensure that your SecretId is correct.",
		"SecretId不存在，请输入正确的密钥。"}
	textSignatureExpire = text{"AuthFailure.SignatureExpire",
		"The signature is expired, please request again.",
		"签名已过期，请重新请求。"} // Chinese guessed.
	textSignatureFailure = text{"AuthFailure.SignatureFailure",
		"The provided credentials could not be validated. Please check your signature is correct.",
		"请求签名验证失败，请检查您的签名计算是否正确。"}
	textSignatureTooBig = text{"AuthFailure.SignatureFailure",
		"The provided credentials could not be validated because of exceeding request size limit, please use new signature method `TC3-HMAC-SHA256`.",
		"由于请求包大小超过限制，请求签名验证失败，请使用新的签名方法 `TC3-HMAC-SHA256`。"}
	textTokenFailure = text{"AuthFailure.TokenFailure",
		// CloudBase-AI-Toolkit issue 11.
		"Token verification failed. Please check your Token is correct.",
		"Token验证失败，请检查您的Token是否正确。"} // Chinese guessed.
	textInvalidAction = text{"InvalidAction",
		"The request `Action` is invalid or not found.",
		"接口不存在。"}
	textNoSuchVersion = text{"NoSuchVersion",
		// tencentcloud-sdk-dotnet issue 45.
		"The specified api version=`{version}` does not exist in service=`{service}`.",
		"接口版本不存在。"}
	textMissingParameter = text{"MissingParameter",
		"The request is missing a required parameter `{parameter}`.",
		"请求缺少必传参数 `{parameter}`。"}
	textMissingHeader = text{"MissingParameter",
		"The request header is missing a required common parameter `{parameter}`.",
		"请求头部缺少必传的公共参数 `{parameter}`。"}
	textTypeError = text{"InvalidParameter",
		"Parameter `{parameter}` type error.",
		"参数 `{parameter}` 取值类型错误。"}
	textNoEquals = text{"InvalidParameter",
		"Url key and value should be splited by `=`.",
		"参数错误，请求URL中参数key和value必须以 `=` 分隔。"}
	textEmptyKey = text{"InvalidParameter",
		"The request has a parameter key which is empty string.",
		"参数错误，请求参数key不能为空字符串。"}
	textRepeated = text{"InvalidParameter",
		"Parameter `{parameter}` input repeated.",
		"参数 `{parameter}` 重复输入。"}
	textFormat = text{"InvalidParameter",
		"Parameter `{parameter}` format invalid.",
		"参数 `{parameter}` 格式非法。"}
	textNotJSON = text{"InvalidParameter",
		"The request content not valid json format for specified content-type=application/json.",
		"对于指定content-type=application/json协议下，请求内容不是合法的Json格式。"}
	textInvalidValue = text{"InvalidParameterValue",
		"A value specified in `{parameter}` is not valid, is unsupported, or cannot be used.",
		"参数 `{parameter}` 取值错误。"}
	textContentHash = text{"InvalidParameterValue",
		"The value specified in `X-TC-Content-SHA256` is not correct.",
		"参数 `X-TC-Content-SHA256` 计算值不正确。"}
	textUnknownParameter = text{"UnknownParameter",
		"The parameter `{parameter}` is not recognized.",
		"未知参数错误，用户多传未定义的参数会导致错误"} // No full stop: tencentcloud-sdk-go issue 183.
	textUnsupportedProtocol = text{"UnsupportedProtocol",
		"HTTP(S) request protocol error; only GET and POST requests are supported.",
		"http(s)请求协议错误，只支持GET和POST请求。"}
	textSizeLimit = text{"RequestSizeLimitExceeded",
		// Both blanks before "max" are the service's own; Chinese guessed.
		"Your current request size exceed  max {max}B, but your {size}B.",
		"您当前的请求包大小超过了上限 {max}B，实际大小 {size}B。"}
	textRequestLimit = text{"RequestLimitExceeded",
		"Your current request times equals to `{times}` in a second, which exceeds the frequency limit `{limit}` for a second. Please reduce the frequency of calls.",
		"您当前每秒请求 `{times}` 次，超过了每秒频率上限 `{limit}`，请稍后重试。"}
	textNoRole = text{"InternalError.GetRoleError",
		// tencentcloud-sdk-go testing/role_arn_test.go has the code, the
		// migration service's FAQ the message, which is English always.
		"role not exist", "role not exist"}
	textBadParameter = text{"InvalidParameter.ParamError",
		"The parameter `{parameter}` is invalid.",
		"参数 `{parameter}` 非法。"} // Both guessed; the code is in the SDK.
	textOverTime = text{"InvalidParameter.OverTimeError",
		"The expiration time exceeds the threshold.",
		"过期时间超过阈值。"} // As the code is described in the SDK.
	textBadMultipart = text{"InvalidRequest",
		"The multipart format of the request body is incorrect.",
		"请求body的multipart格式错误。"}
	textNotAuthorized = text{"AuthFailure.UnauthorizedOperation",
		"You are not authorized to perform this operation. Check your CAM policies, and ensure that you are using the correct access keys. [[request id:{request_id}]you are not authorized to perform operation ({service}:{action})\nresource ({resource}) has no permission\n]",
		"操作未授权，请检查CAM策略。[[request id:{request_id}]you are not authorized to perform operation ({service}:{action})\nresource ({resource}) has no permission\n]"}
)
