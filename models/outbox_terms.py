"""The words of the outbox: providers, which are the schemes of addresses, and what operators do. See terms.py."""

from models.outbox import Operation

PROVIDERS: dict[str, tuple[str, str]] = {
    "wecombot": ("企业微信群机器人", "WeCom group robot"),
    "wecom": ("企业微信应用", "WeCom app"),
    "wechat": ("企业微信应用", "WeCom app"),
    "dingtalk": ("钉钉机器人", "DingTalk robot"),
    "feishu": ("飞书机器人", "Feishu robot"),
    "lark": ("Lark机器人", "Lark robot"),
    "aliyunsms": ("阿里云短信", "Aliyun SMS"),
    "tencentsms": ("腾讯云短信", "Tencent SMS"),
    "smsgate": ("短信网关", "SMS gateway"),
    "smsgates": ("短信网关", "SMS gateway"),
    "dubanhook": ("网络回调", "webhook"),
    "dubanhooks": ("网络回调", "webhook"),
}
OPERATIONS: dict[str, tuple[str, str]] = {
    Operation.RESEND: ("重新发送", "sent again"),
    Operation.TEST: ("发起测试", "test asked for"),
    Operation.TESTED: ("测试结果", "test result"),
    Operation.PAGE: ("生成页面链接", "link of the page made"),
}
