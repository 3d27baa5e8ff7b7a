"""The words for rights, for how people log in, and for what is on record about it; part of models/terms.py."""

from models.account import Happening
from models.permissions import Right

Words = dict[str, tuple[str, str]]


def _words(*rows: tuple[str, str, str]) -> Words:
    return {str(code): (chinese, english) for code, chinese, english in rows}


RIGHTS = _words(
    (Right.SEE, "查看问题", "see issues"),
    (Right.REPORT, "上报问题", "report"),
    (Right.CLASSIFY, "定类别和等级", "set category and severity"),
    (Right.EXPORT, "导出", "export"),
    (Right.SEE_BOARDS, "查看看板", "see boards"),
    (Right.SEE_AUDITS, "查看测评", "see audits"),
    (Right.START_AUDIT, "发起测评", "start an audit"),
    (Right.RECORD_SHEET, "填测评表", "fill in a sheet"),
    (Right.RECORD_FOR_OTHERS, "代填测评表", "fill in another's sheet"),
    (Right.REDACT, "遮挡照片", "redact photos"),
    (Right.JUDGE_EVIDENCE, "判定可疑照片", "judge photos that look wrong"),
    (Right.PRINT_SIGNS, "打印点位标识牌", "print signs for points"),
    (Right.APPOINT, "任免", "appoint"),
    (Right.IMPORT_NOTICE, "导入放假通知", "import a holiday notice"),
    (Right.MANAGE_CITY, "管理城市数据", "manage the city's data"),
    (Right.MANAGE_CONTACTS, "管理联系方式", "manage contacts"),
    (Right.MANAGE_ACCOUNTS, "管理登录账号", "manage log-ins"),
    (Right.MANAGE_HOOKS, "管理事件推送", "manage webhooks"),
    (Right.OPERATE_OUTBOX, "管理消息发送", "operate the outbox"),
    (Right.PREPARE_PUBLICATION, "起草和发布通报、得分", "draft and publish bulletins and scores"),
    (Right.RECORD_INCIDENT, "登记负面清单和加减分事项", "record negative-list cases and incidents"),
    (Right.APPROVE_PUBLICATION, "审批通报、得分", "approve bulletins and scores"),
    (Right.ISSUE_TASK_LETTER, "下发任务书", "issue task letters"),
    (Right.SIGN_TASK_LETTER, "签收任务书", "sign for a task letter"),
    (Right.APPEAL, "申诉", "appeal"),
    (Right.DECIDE_APPEAL, "裁定申诉", "decide appeals"),
    (Right.RUN_SURVEYS, "组织问卷调查", "run surveys"),
    (Right.SEE_SURVEYS, "查看问卷结果", "see the results of surveys"),
    (Right.MANAGE_FILING, "管理网报清单", "manage the list of filing"),
    (Right.SEE_FILING, "查看网报材料", "see filed material"),
    (Right.FILE_MATERIAL, "报送网报材料", "file material"),
    (Right.REVIEW_FILING, "审核网报材料", "review filed material"),
    (Right.SEE_ACCOUNTABILITY, "查看督查问责", "see what is held to account"),
    (Right.DECIDE_ACCOUNTABILITY, "决定督查问责", "decide what is held to account"),
    (Right.SECOND_PROPOSAL, "复审问责移送建议", "second an accountability proposal"),
    (Right.PROPOSE_MEASURE, "提出督查问责措施建议", "propose a measure"),
    (Right.KEEP_INSTRUCTIONS, "登记领导批示", "keep leaders' instructions"),
    (Right.RECORD_PATROL, "记录巡查", "record a patrol"),
)
HAPPENINGS = _words(
    (Happening.LOGGED_IN, "登录", "logged in"),
    (Happening.FAILED, "登录失败", "log-in failed"),
    (Happening.SECOND_FAILED, "第二步验证失败", "second step failed"),
    (Happening.LOGGED_OUT, "退出登录", "logged out"),
    (Happening.SESSION_ENDED, "会话被结束", "sessions ended"),
    (Happening.PASSWORD_SET, "设置密码", "password set"),
    (Happening.SECOND_SET, "设置第二步验证", "second step set up"),
    (Happening.SECOND_REMOVED, "取消第二步验证", "second step removed"),
    (Happening.RECOVERY_USED, "使用恢复码", "recovery code used"),
    (Happening.LINK_SENT, "申请一次性链接", "one-time link asked for"),
    (Happening.INVITED, "邀请登录", "invited"),
    (Happening.BOUND, "绑定外部身份", "identity bound"),
    (Happening.UNBOUND, "解除外部身份", "identity unbound"),
)
LOGIN_METHODS = _words(
    ("password", "密码", "password"),
    ("oidc", "外部身份", "identity elsewhere"),
    ("link", "一次性链接", "one-time link"),
    ("invite", "邀请链接", "invitation"),
    ("demo", "演示一键进入", "demo, one tap"),
)
WEAKNESSES = _words(
    ("short", "至少要10个字符", "at least 10 characters"),
    ("long", "最多200个字符", "at most 200 characters"),
    ("common", "太常见，别人一猜就中", "this one is among the first that others try"),
    ("name", "不能含有自己的编号或姓名", "not your own code or name"),
)
