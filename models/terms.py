"""The words of the field for every value we store, Chinese and English: one glossary for pages, messages and files.

Source: domain section 10 (glossary) and 9d (ledger).
"""

from enum import Enum

from models.access_terms import HAPPENINGS as HAPPENINGS
from models.access_terms import LOGIN_METHODS as LOGIN_METHODS
from models.access_terms import RIGHTS as RIGHTS
from models.access_terms import WEAKNESSES as WEAKNESSES
from models.accountability_terms import INSTRUCTION_ACTS as INSTRUCTION_ACTS
from models.accountability_terms import MEASURE_ACTS as MEASURE_ACTS
from models.accountability_terms import MEASURE_CAUSES as MEASURE_CAUSES
from models.accountability_terms import MEASURE_STATES as MEASURE_STATES
from models.accountability_terms import MEASURES as MEASURES
from models.administration_terms import CHANGES as CHANGES
from models.administration_terms import CITY_ACTIONS, CITY_THINGS
from models.bulletin_terms import BULLETIN_INPUTS, BULLETIN_THINGS
from models.bulletin_terms import PUBLICATION_ACTS as PUBLICATION_ACTS
from models.bulletin_terms import PUBLICATION_STATES as PUBLICATION_STATES
from models.bulletin_terms import PUBLICATIONS as PUBLICATIONS
from models.calendar import DayKind
from models.checklist_terms import BECAME as BECAME
from models.checklist_terms import CHECK_METHODS as CHECK_METHODS
from models.checklist_terms import CHECKLIST_THINGS
from models.checklist_terms import EDITION_PARTS as EDITION_PARTS
from models.checklist_terms import EFFECTS as EFFECTS
from models.deadlines import ClockType
from models.errand_terms import ERRANDS as ERRANDS
from models.finding_terms import API_SCOPES as API_SCOPES
from models.finding_terms import EVIDENCE as EVIDENCE
from models.finding_terms import FLAGS as FLAGS
from models.finding_terms import JUDGEMENTS as JUDGEMENTS
from models.finding_terms import RESULTS as RESULTS
from models.finding_terms import ROUNDS as ROUNDS
from models.hook_terms import DELIVERIES as DELIVERIES
from models.hook_terms import EVENT_FAMILIES as EVENT_FAMILIES
from models.hook_terms import EVENTS as EVENTS
from models.hook_terms import HOOK_INPUTS, HOOK_THINGS
from models.hook_terms import HOOK_STATES as HOOK_STATES
from models.hook_terms import PAUSES as PAUSES
from models.hook_terms import TOLD as TOLD
from models.input_terms import FORM_ACTIONS
from models.input_terms import INPUTS as INPUTS
from models.issue import FoundLevel, RequestKind, RequestState, Source
from models.lifecycle import Action, Role, State
from models.message_terms import CHANNELS as CHANNELS
from models.message_terms import CONTACTS as CONTACTS
from models.message_terms import FAILURES as FAILURES
from models.message_terms import MESSAGE_STATES as MESSAGE_STATES
from models.message_terms import OUTCOMES as OUTCOMES
from models.outbox_terms import MESSAGE_KINDS as MESSAGE_KINDS
from models.outbox_terms import OPERATIONS as OPERATIONS
from models.outbox_terms import PROVIDERS as PROVIDERS
from models.paper_terms import PAPERS as PAPERS
from models.ranking_terms import APPEAL_OUTCOMES as APPEAL_OUTCOMES
from models.ranking_terms import CASE_STATES as CASE_STATES
from models.ranking_terms import GROUNDS as GROUNDS
from models.ranking_terms import LISTS as LISTS
from models.ranking_terms import RANKING_GROUPS as RANKING_GROUPS
from models.ranking_terms import RANKING_INPUTS, RANKING_THINGS
from models.scoring.terms import CASE_MARKS as CASE_MARKS
from models.scoring.terms import NUMBERS, SCORE_THINGS
from models.scoring.terms import STANDINGS as STANDINGS
from models.survey_terms import AUDIENCES as AUDIENCES
from models.survey_terms import FILING_ACTS as FILING_ACTS
from models.survey_terms import FILING_STATES as FILING_STATES
from models.task_terms import LETTER_ACTS as LETTER_ACTS
from models.task_terms import LETTER_STATES as LETTER_STATES
from models.unit import PostKind, UnitKind
from models.wording import Words as Words
from models.wording import words

STATES = words(
    (State.FOUND, "待交办", "found"),
    (State.ASSIGNED, "待签收", "assigned"),
    (State.RECTIFYING, "整改中", "rectifying"),
    (State.RECTIFIED, "待复核", "rectified"),
    (State.VERIFIED, "待销号", "verified"),
    (State.CLOSED, "已销号", "closed"),
    (State.SHELVED, "挂账", "shelved"),
    (State.VOID, "作废", "void"),
)
ACTIONS = words(
    (Action.FIND, "登记", "find"),
    (Action.TAKE_OVER, "接管台账", "take over"),
    (Action.TRIAGE, "初审", "triage"),
    (Action.ASSIGN, "交办", "assign"),
    (Action.SIGN_IN, "签收", "sign in"),
    (Action.RETURN, "退回", "return"),
    (Action.SUBMIT, "提交整改", "submit proof"),
    (Action.PASS, "复核通过", "pass"),
    (Action.FAIL, "复核不通过", "fail"),
    (Action.CLOSE_OUT, "销号", "close out"),
    (Action.DISPUTE, "群众不认可", "dispute"),
    (Action.REOPEN, "重新打开", "reopen"),
    (Action.RELAPSE, "反弹", "relapse"),
    (Action.LOOK_BACK, "回头看", "look back"),
    (Action.MERGE, "合并", "merge"),
    (Action.VOID, "作废", "void"),
    (Action.COMMENT, "备注", "comment"),
    (Action.ATTACH, "补充证据", "attach"),
    (Action.ASK_EXTENSION, "申请延期", "ask for more time"),
    (Action.GRANT_EXTENSION, "同意延期", "grant more time"),
    (Action.REFUSE_EXTENSION, "不同意延期", "refuse more time"),
    (Action.ASK_RETURN, "申请退回", "ask for a return"),
    (Action.GRANT_RETURN, "同意退回", "grant the return"),
    (Action.REFUSE_RETURN, "不同意退回", "refuse the return"),
    (Action.ASK_SHELVING, "申请挂账", "ask for shelving"),
    (Action.GRANT_SHELVING, "同意挂账", "grant shelving"),
    (Action.REFUSE_SHELVING, "不同意挂账", "refuse shelving"),
    (Action.RESUME, "恢复整改", "resume"),
    (Action.CALL_BACK, "回访", "call back"),
    (Action.REPORT_SWEEP, "报送举一反三情况", "report the same-fault sweep"),
    (Action.START_SWEEP, "部署举一反三", "start a same-fault sweep"),
    (Action.FINISH_SWEEP, "举一反三完成", "same-fault sweep done"),
    (Action.WAIVE_SWEEP, "免予举一反三", "waive the same-fault sweep"),
    (Action.REPLY_ORDER, "回复督办单", "reply to the order"),
    (Action.REVIEW_ORDER, "审核督办回复", "review the reply to the order"),
    (Action.ESCALATE, "升级", "escalate"),
    (Action.UNREACHABLE, "无人可达", "nobody reachable"),
    (Action.REAPPLY_RULES, "重新适用规则", "reapply the rules"),
    (Action.RECOMPUTE, "按日历重算", "recompute"),
    (Action.ISSUE_PAPER, "开具文书", "issue a paper"),
    (Action.REMIND, "催办", "remind"),
    (Action.MARK_LEADER, "标为领导交办", "mark as assigned by a leader"),
    (Action.UNMARK_LEADER, "取消领导交办", "no longer assigned by a leader"),
    ("print_paper", "打印文书", "print a paper"),
    ("appoint", "任免", "appoint"),
    ("import_tasks", "导入任务分解表", "import the decomposition table"),
    ("upload_pack", "上传", "upload"),
)
ROLES = words(
    (Role.REPORTER, "上报人", "reporter"),
    (Role.INSPECTOR, "督查员", "inspector"),
    (Role.HANDLER, "承办人", "handler"),
    (Role.UNIT_LEADER, "单位领导", "unit leader"),
    (Role.DISPATCHER, "交办员", "dispatcher"),
    (Role.VERIFIER, "复核员", "verifier"),
    (Role.SUPERVISOR, "督办员", "supervisor"),
    (Role.LEADER, "领导", "leader"),
    (Role.ADMINISTRATOR, "管理员", "administrator"),
    (Role.ASSISTANT, "配合单位", "assisting unit"),
    (Role.SYSTEM, "系统", "system"),
)
POSTS = words(
    (PostKind.HANDLER, "承办人", "handler"),
    (PostKind.DIRECT_LEADER, "直接领导", "direct leader"),
    (PostKind.DEPUTY_LEADER, "分管领导", "deputy leader in charge"),
    (PostKind.PRINCIPAL_LEADER, "主要领导", "principal leader"),
    (PostKind.BUILDING_CHIEF, "楼栋长", "building chief"),
    (PostKind.GRID_CHIEF, "网格长", "grid chief"),
    (PostKind.AREA_CHIEF, "片区长", "area chief"),
    (PostKind.STREET_CHIEF, "街长", "street chief"),
    (PostKind.OFFICE, "创建办", "creation office"),
    (PostKind.INSPECTOR, "督查员", "inspector"),
    (PostKind.VERIFIER, "复核员", "verifier"),
    (PostKind.HEADQUARTERS, "指挥部", "command headquarters"),
    (PostKind.PERFORMANCE_OFFICE, "目标绩效办", "target-performance office"),
    (PostKind.DUTY_OFFICER, "值班员", "duty officer"),
    (PostKind.ADMINISTRATOR, "系统管理员", "administrator"),
    (PostKind.SPONSOR_LEADER, "包点领导", "sponsor leader"),
)
SOURCES = words(
    (Source.ANNOUNCED, "明察", "announced inspection"),
    (Source.COVERT, "暗访", "covert inspection"),
    (Source.MOCK, "模拟测评", "mock evaluation"),
    (Source.SUPERIOR, "上级反馈", "superior's feedback"),
    (Source.THIRD_PARTY, "第三方", "third party"),
    (Source.HOTLINE, "12345", "12345 hotline"),
    (Source.SNAPSHOT, "随手拍", "citizen snapshot"),
    (Source.MEDIA, "媒体", "media"),
    (Source.SELF_CHECK, "自查", "self-check"),
    (Source.LOOK_BACK, "回头看", "look-back check"),
    (Source.FILING, "网上申报", "online filing"),
)
FOUND_LEVELS = words(
    (FoundLevel.CENTRAL, "中央", "central"),
    (FoundLevel.PROVINCE, "省", "province"),
    (FoundLevel.CITY, "市", "city"),
    (FoundLevel.DISTRICT, "区", "district"),
    (FoundLevel.STREET, "街", "street"),
    (FoundLevel.COMMUNITY, "社区", "community"),
)
LEVELS = words(
    ("1", "市级", "city"),
    ("2", "区县级", "district"),
    ("3", "街镇级", "street"),
    ("4", "社区级", "community"),
    ("5", "网格级", "group"),
)
CLOCKS = words(
    (ClockType.WORKING_HOURS, "工作时", "working hours"),
    (ClockType.WORKING_DAYS, "工作日", "working days"),
    (ClockType.NATURAL_DAYS, "自然日", "calendar days"),
    (ClockType.NATURAL_HOURS, "自然时", "hours, day and night"),
)
DAYS = words(
    (DayKind.WORKDAY, "工作日", "working day"),
    (DayKind.WEEKEND, "周末", "weekend"),
    (DayKind.HOLIDAY, "节假日", "holiday"),
    (DayKind.MAKE_UP, "调休上班", "make-up workday"),
)
REQUESTS = words(
    (RequestKind.EXTENSION, "延期", "more time"),
    (RequestKind.RETURN, "退回", "a return"),
    (RequestKind.SHELVING, "挂账", "shelving"),
)
REQUEST_STATES = words(
    (RequestState.ASKED, "待审批", "asked"),
    (RequestState.GRANTED, "已同意", "granted"),
    (RequestState.REFUSED, "不同意", "refused"),
    (RequestState.LAPSED, "已失效", "lapsed"),
)
ANSWERS = words(
    ("satisfied", "满意", "satisfied"),
    ("fairly_satisfied", "基本满意", "fairly satisfied"),
    ("dissatisfied", "不满意", "dissatisfied"),
)
CONDITIONS = words(
    ("after_photo", "整改后照片", "a photo of the place after the work"),
    ("independent_verifier", "独立复核", "an independent verifier"),
    ("call_back", "群众回访", "the call-back to the public"),
    ("supervision_reply", "督办单回复", "the reply to a supervision order"),
    ("same_fault_sweep", "举一反三", "the same-fault sweep"),
)
UNIT_KINDS = words(
    (UnitKind.DEPARTMENTAL, "部门", "department"),
    (UnitKind.TERRITORIAL, "属地", "territorial unit"),
)
CAUSES = words(
    ("time", "时限已到", "its time has come"),
    ("failed_twice", "两次复核不通过", "two failed checks"),
    ("relapse", "问题反弹", "a relapse"),
)
THINGS = words(
    ("upload", "上传的文件", "uploaded file"),
    ("flag", "提示", "flag"),
    ("issue", "问题", "issue"),
    ("unit", "单位", "unit"),
    ("point", "点位", "point"),
    ("area", "区划", "area"),
    ("standard", "标准", "standard"),
    ("person", "人员", "person"),
    ("post", "岗位", "post"),
    ("severity", "等级", "severity"),
    ("step", "升级步骤", "step"),
    ("city", "城市", "city"),
    ("rule set", "规则集", "rule set"),
    ("calendar version", "日历版本", "calendar version"),
    ("holder of the post", "岗位任职人", "holder of the post"),
    ("category", "类别", "category"),
    ("round", "轮次", "round"),
    ("sheet", "测评表", "sheet"),
    ("message", "消息", "message"),
    ("file", "文件", "file"),
    ("paper", "文书", "paper"),
    ("measure", "督查问责事项", "measure"),
    ("instruction", "领导批示", "written instruction"),
    ("survey", "问卷调查", "survey"),
    ("survey form", "调查问卷", "questionnaire"),
    ("reply", "答卷", "reply"),
    ("filing", "申报材料", "material"),
)
THINGS |= HOOK_THINGS
THINGS |= CITY_THINGS
THINGS |= CHECKLIST_THINGS
ACTIONS |= CITY_ACTIONS
ACTIONS |= FORM_ACTIONS
THINGS |= PAPERS  # an error may name a kind of paper as the thing it is about
INPUTS |= HOOK_INPUTS
THINGS |= SCORE_THINGS
SCORE_NUMBERS = NUMBERS
THINGS |= RANKING_THINGS
INPUTS |= RANKING_INPUTS
THINGS |= BULLETIN_THINGS
INPUTS |= BULLETIN_INPUTS


def term(words: Words, value: object, lang: str) -> str:
    """The word for a value in `zh-CN` or `en`; the value itself where the glossary has none, nothing for nothing."""
    code = "" if value is None else str(value.value if isinstance(value, Enum) else value)
    pair = words.get(code)
    return pair[1 if lang.startswith("en") else 0] if pair else code


def limit(written: str | None, lang: str) -> str:
    """A limit such as “3 working_days” in words; in English one of them is one day, not “1 working days”."""
    amount, _blank, clock = (written or "").partition(" ")
    unit = term(CLOCKS, clock, lang)
    if amount == "1" and lang.startswith("en"):
        unit = unit.replace("hours", "hour").replace("days", "day")
    return f"{amount} {unit}".strip()
