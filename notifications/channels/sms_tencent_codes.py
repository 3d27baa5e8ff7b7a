"""What Tencent Cloud's answers to SendSms mean. Sources: cloud.tencent.com, "SMS error codes" (382/59177, 382/52075),
tencentcloud-sdk-python, sms/v20210111/errorcodes.py. A code that is not here counts as its first word.

What will not pass today is permanent: to wait for tomorrow would keep the letter from the reader's next contact.
"""

from datetime import timedelta

from notifications.channels.codes import HOUR, MINUTE, Codes, doubt, each, fine, later, never, nobody, ours

CODES = Codes(
    fine("Ok"),
    # Too much, for now.
    later(
        "LimitExceeded.PhoneNumberThirtySecondLimit",
        "该号码30秒内已达上限",
        "the limit of 30 seconds for this number",
        timedelta(seconds=30),
    ),
    later(
        "LimitExceeded.PhoneNumberOneHourLimit", "该号码1小时内已达上限", "the limit of an hour for this number", HOUR
    ),
    *each(
        later,
        "请求过于频繁",
        "too many requests",
        "LimitExceeded LimitExceeded.DeliveryFrequencyLimit LimitExceeded.GlobalSmsSendingRateLimit"
        " RequestLimitExceeded RequestLimitExceeded.GlobalRegionUinLimitExceeded RequestLimitExceeded.IPLimitExceeded"
        " RequestLimitExceeded.UinLimitExceeded AuthFailure.RequestLimitExceeded",
        wait=MINUTE,
    ),
    *each(later, "服务商故障", "the provider's fault", "ServiceUnavailable FailedOperation", wait=MINUTE),
    # The number.
    *each(nobody, "号码格式错误", "not a phone number", "InvalidParameterValue.IncorrectPhoneNumber"),
    *each(
        nobody,
        "号码在免打扰名单中",
        "the number refuses such SMS",
        "FailedOperation.PhoneNumberInBlacklist FailedOperation.PhoneNumberOnBlacklist",
    ),
    *each(
        never,
        "该号码今日已达上限",
        "the limit of the day for this number",
        "LimitExceeded.PhoneNumberDailyLimit LimitExceeded.PhoneNumberSameContentDailyLimit",
    ),
    # The installation's account.
    *each(
        ours,
        "发送量已达控制台限额",
        "the limit set in the console is reached",
        "LimitExceeded.AppDailyLimit LimitExceeded.AppMainlandChinaDailyLimit LimitExceeded.AppGlobalDailyLimit"
        " LimitExceeded.DailyLimit LimitExceeded.AppCountryOrRegionDailyLimit"
        " LimitExceeded.AppCountryOrRegionInBlacklist",
    ),
    *each(
        ours,
        "余额或套餐包不足",
        "the account has no money left",
        "FailedOperation.InsufficientBalanceInSmsPackage UnauthorizedOperation.SerivceSuspendDueToArrears"
        " UnauthorizedOperation.ServiceSuspendDueToArrears ResourceInsufficient ResourceUnavailable",
    ),
    *each(
        ours,
        "应用不可用",
        "the application cannot be used",
        "UnauthorizedOperation.SdkAppIdIsDisabled UnauthorizedOperation.SdkAppidIsDisabled"
        " UnauthorizedOperation.SmsSdkAppIdVerifyFail UnauthorizedOperation.SmsSdkAppidVerifyFail"
        " InvalidParameterValue.SdkAppIdNotExist InvalidParameter.AppidAndBizId",
    ),
    *each(
        ours,
        "无权限",
        "the key lacks the right",
        "UnauthorizedOperation UnauthorizedOperation.RequestPermissionDeny AuthFailure.UnauthorizedOperation"
        " UnauthorizedOperation.IndividualUserMarketingSmsPermissionDeny FailedOperation.NotEnterpriseCertification"
        " FailedOperation.ForbidAddMarketingTemplates",
    ),
    *each(
        ours,
        "密钥或签名错误",
        "the key is wrong",
        "AuthFailure AuthFailure.SignatureFailure AuthFailure.InvalidSecretId AuthFailure.SecretIdNotFound"
        " AuthFailure.InvalidAuthorization AuthFailure.MFAFailure AuthFailure.TokenFailure"
        " InternalError.SigVerificationFail InternalError.SigFieldMissing",
    ),
    *each(
        ours,
        "本机时间不准",
        "this machine's clock is wrong",
        "AuthFailure.SignatureExpire InternalError.RequestTimeException",
    ),
    *each(
        ours,
        "本机IP不被允许",
        "calls from this address are not allowed",
        "UnauthorizedOperation.RequestIpNotInWhitelist IpInBlacklist IpNotInWhitelist",
    ),
    *each(
        ours,
        "请求不被接受",
        "the request is not accepted",
        "ActionOffline DryRunOperation InvalidAction InvalidRequest NoSuchProduct NoSuchVersion UnknownParameter"
        " UnsupportedProtocol UnsupportedOperation UnsupportedOperation. UnsupportedRegion InvalidParameter"
        " InvalidParameterValue MissingParameter MissingParameter.EmptyPhoneNumberSet ResourceInUse ResourceNotFound"
        " InvalidParameter.InvalidParameters InvalidParameterValue.InvalidInternational"
        " FailedOperation.FailResolvePacket FailedOperation.JsonParseFail FailedOperation.OtherError"
        " FailedOperation.ParametersOtherError InternalError.JsonParseFail InternalError.RestApiInterfaceNotExist"
        " LimitExceeded.PhoneNumberCountLimit UnsupportedOperation.UnsuportedRegion"
        " UnsupportedOperation.UnsupportedRegion"
        " UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber",
    ),
    # The signature and the template.
    *each(
        ours,
        "短信签名不可用",
        "the signature cannot be used",
        "FailedOperation.SignatureIncorrectOrUnapproved FailedOperation.MissingSignature"
        " FailedOperation.MissingSignatureList",
    ),
    *each(
        ours,
        "短信模板不可用或变量不符",
        "the template cannot be used, or has other variables",
        "FailedOperation.TemplateIncorrectOrUnapproved FailedOperation.TemplateUnapprovedOrNotExist"
        " FailedOperation.TemplateParamSetNotMatchApprovedTemplate FailedOperation.MissingTemplateList"
        " InvalidParameterValue.InvalidTemplateFormat InvalidParameterValue.TemplateParameterFormatError"
        " InvalidParameterValue.TemplateParameterLengthLimit InvalidParameterValue.ContentLengthLimit"
        " InvalidParameterValue.ProhibitedUseUrlInTemplateParameter FailedOperation.MarketingSendTimeConstraint"
        " UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone"
        " UnsupportedOperation.GlobalTemplateToChineseMainlandPhone",
    ),
    *each(
        ours,
        "短信内容被禁止",
        "the text is not allowed",
        "FailedOperation.ContainSensitiveWord InvalidParameter.DirtyWordFound"
        " InvalidParameterValue.TemplateWithDirtyWords",
    ),
    *each(
        ours,
        "其他接口的错误码",
        "an answer to another call than ours",
        "FailedOperation.MissingSignatureToModify FailedOperation.MissingTemplateToModify"
        " FailedOperation.SignNumberLimit FailedOperation.TemplateNumberLimit"
        " FailedOperation.TemplateAlreadyPassedCheck"
        " InvalidParameterValue.BeginTimeVerifyFail InvalidParameterValue.EndTimeVerifyFail"
        " InvalidParameterValue.ImageInvalid InvalidParameterValue.InvalidDocumentType"
        " InvalidParameterValue.InvalidSignPurpose InvalidParameterValue.InvalidStartTime"
        " InvalidParameterValue.InvalidUsedMethod InvalidParameterValue.LimitVerifyFail"
        " InvalidParameterValue.OffsetVerifyFail InvalidParameterValue.SignAlreadyPassedCheck"
        " InvalidParameterValue.SignExistAndUnapproved",
    ),
    # Nobody knows.
    *each(
        doubt,
        "结果不明",
        "nobody knows what became of it",
        "InternalError InternalError.Timeout InternalError.SendAndRecvFail InternalError.UnknownError"
        " InternalError.OtherError",
    ),
)
