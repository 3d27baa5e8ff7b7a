"""What Aliyun's answers to SendSms mean. Sources: help.aliyun.com, "Domestic SMS API error codes", "Delivery receipt
error codes", and the common ones of its API gateway.

What will not pass today is permanent: to wait for tomorrow would keep the letter from the reader's next contact.
"""

from notifications.channels.codes import MINUTE, Codes, doubt, each, fine, later, never, nobody, ours

TOO_OFTEN = "isv.BUSINESS_LIMIT_CONTROL"
CODES = Codes(
    fine("OK"),
    fine("REQUEST_SUCCESS"),
    # Too much, for now.
    later(TOO_OFTEN, "该号码发送过于频繁", "too many to this number", MINUTE),
    *each(later, "请求过于频繁", "too many requests", "Throttling Throttling.User Throttling.Api", wait=MINUTE),
    *each(later, "服务商繁忙", "the provider is busy", "isp.SYSTEM_ERROR isp.GATEWAY_ERROR IS_CLOSE", wait=MINUTE),
    *each(later, "服务商故障", "the provider's fault", "InternalError ServiceUnavailable", wait=MINUTE),
    later("SignatureNonceUsed", "请求随机数重复", "the request's random number came twice"),
    # The number.
    *each(nobody, "号码格式错误", "not a phone number", "isv.MOBILE_NUMBER_ILLEGAL INVALID_NUMBER"),
    *each(
        nobody,
        "号码在黑名单或已退订",
        "the number refuses such SMS",
        "isv.BLACK_KEY_CONTROL_LIMIT isv.CUSTOMER_REFUSED MOBILE_IN_BLACK USER_REJECT SP_NOT_BY_INTER_SMS",
    ),
    *each(
        never,
        "号码暂不可达",
        "the phone cannot be reached now",
        "MOBILE_NOT_ON_SERVICE MOBILE_ACCOUNT_ABNORMAL MOBLLE_TERMINAL_ERROR MOBILE_SEND_LIMIT",
    ),
    # The installation's account.
    *each(
        ours,
        "发送量已达控制台限额",
        "the limit set in the console is reached",
        "isv.DAY_LIMIT_CONTROL isv.MONTH_LIMIT_CONTROL isv.SMS_OVER_LIMIT",
    ),
    *each(ours, "账户余额不足或业务停机", "the account has no money left", "isv.OUT_OF_SERVICE isv.AMOUNT_NOT_ENOUGH"),
    *each(
        ours,
        "账户异常或未开通短信",
        "the account is not open for SMS",
        "isv.PRODUCT_UN_SUBSCRIPT isv.PRODUCT_UNSUBSCRIBE isv.ACCOUNT_NOT_EXISTS isv.ACCOUNT_ABNORMAL"
        " isv.SECURITY_FROZEN_ACCOUNT Forbidden.RiskControl Forbidden.UserVerification",
    ),
    *each(
        ours,
        "无权限，请授权 AliyunDysmsFullAccess",
        "the key lacks the right AliyunDysmsFullAccess",
        "isp.RAM_PERMISSION_DENY isv.RAM_PERMISSION_DENY Forbidden Forbidden.RAM NoPermission",
    ),
    *each(
        ours,
        "访问密钥或签名错误",
        "the access key is wrong",
        "SignatureDoesNotMatch IncompleteSignature InvalidAccessKeyId InvalidAccessKeyId.NotFound"
        " InvalidAccessKeyId.Inactive MissingAccessKeyId InvalidSignatureMethod",
    ),
    *each(
        ours,
        "本机时间不准",
        "this machine's clock is wrong",
        "InvalidTimeStamp InvalidTimeStamp.Expired InvalidTimeStamp.Format IllegalTimestamp",
    ),
    *each(ours, "本机IP所在地区被禁用", "calls from this address are not allowed", "isv.DENY_IP_RANGE"),
    *each(
        ours,
        "请求不被接受",
        "the request is not accepted",
        "InvalidVersion NoSuchVersion InvalidAction InvalidAction.NotFound InvalidApi.NotFound InvalidProduct.NotFound"
        " InvalidProtocol.NeedSsl UnsupportedHTTPMethod UnsupportedOperation UnsupportedParameter MissingParameter"
        " InvalidParameter InvalidParameter.Format isv.INVALID_PARAMETERS PARAMS_ILLEGAL isv.MOBILE_COUNT_OVER_LIMIT",
    ),
    # The signature and the template.
    *each(
        ours,
        "短信签名不可用",
        "the signature cannot be used",
        "isv.SMS_SIGNATURE_ILLEGAL isv.SMS_SIGN_ILLEGAL isv.SIGN_STATE_ILLEGAL isv.SMS_SIGNATURE_SCENE_ILLEGAL"
        " isv.SIGN_NAME_ILLEGAL isv.SIGN_OVER_LIMIT isv.SIGN_SOURCE_ILLEGAL isv.SMS_SIGN_EMOJI_ILLEGAL"
        " isv.SIGNATURE_BLACKLIST SIGNATURE_BLACKLIST isv.SMS_TEST_SIGN_TEMPLATE_LIMIT isv.SMS_TEST_NUMBER_LIMIT",
    ),
    *each(ours, "短信签名未完成实名报备", "the signature is not filed with the carriers", "PORT_NOT_REGISTERED"),
    *each(
        ours,
        "扩展码错误",
        "the extension code is wrong",
        "isv.EXTEND_CODE_ERROR isv.ONE_CODE_MULTIPLE_SIGN isv.CODE_EXCEED_LIMIT isv.CODE_ERROR",
    ),
    *each(
        ours,
        "短信模板不可用或变量不符",
        "the template cannot be used, or has other variables",
        "isv.SMS_TEMPLATE_ILLEGAL isv.TEMPLATE_MISSING_PARAMETERS isv.TEMPLATE_PARAMS_ILLEGAL"
        " template_parameter_count_illegal isv.TEMPLATE_OVER_LIMIT isv.INVALID_JSON_PARAM isv.PARAM_LENGTH_LIMIT"
        " isv.PARAM_NOT_SUPPORT_URL isv.SMS_TEST_TEMPLATE_PARAMS_ILLEGAL isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
    ),
    *each(
        ours,
        "短信内容被禁止",
        "the text is not allowed",
        "isv.SMS_CONTENT_ILLEGAL isv.UNSUPPORTED_CONTENT isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE CONTENT_KEYWORD"
        " CONTENT_ERROR NO_ROUTE",
    ),
    *each(
        ours,
        "其他接口的错误码",
        "an answer to another call than ours",
        "isv.SIGN_COUNT_OVER_LIMIT isv.TEMPLATE_COUNT_OVER_LIMIT isv.SIGN_FILE_LIMIT isv.ERROR_EMPTY_FILE"
        " isv.ERROR_SIGN_NOT_DELETE isv.ERROR_SIGN_NOT_MODIFY isv.ERROR_TEMPLATE_NOT_DELETE"
        " isv.ERROR_TEMPLATE_NOT_MODIFY isv.SHORTURL_OVER_LIMIT isv.NO_AVAILABLE_SHORT_URL isv.SHORTURL_NAME_ILLEGAL"
        " isv.SOURCEURL_OVER_LIMIT isv.SHORTURL_TIME_ILLEGAL isv.PHONENUMBERS_OVER_LIMIT isv.SHORTURL_STILL_AVAILABLE"
        " isv.SHORTURL_DOMAIN_EMPTY",
    ),
    # Nobody knows.
    *each(doubt, "结果不明", "nobody knows what became of it", "isp.UNKNOWN SP_UNKNOWN_ERROR"),
)
