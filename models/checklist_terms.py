"""The words of evaluation systems: classes of standards, how they are checked, what the negative list does."""

from models.scoring.rules import Effect
from models.wording import words

STANDARD_KINDS = words(
    ("environment", "公共环境", "public environment"),
    ("order", "公共秩序", "public order"),
    ("infrastructure", "基础设施", "infrastructure"),
    ("publicity", "公益宣传", "public-service publicity"),
    ("service", "公共服务", "public service"),
    ("conduct", "文明行为", "civilised conduct"),
    ("safety", "安全", "safety"),
    ("records", "台账资料", "records and material"),
)
CHECK_METHODS = words(
    ("observe", "观察", "observe"),
    ("ask", "询问", "ask"),
    ("inspect", "查验", "inspect"),
    ("test", "拨测", "test call"),
)
EVIDENCE_ASKED = words(("photo", "照片", "photo"), ("document", "资料", "document"), ("none", "不要求", "none"))
EFFECTS = words((Effect.DEDUCT, "扣分", "deduct"), (Effect.VETO, "一票否决", "veto"))
YES_NO = words(("1", "是", "yes"), ("0", "否", "no"))
BECAME = words(
    ("added", "新增", "added"),
    ("gone", "删除", "gone"),
    ("changed", "修改", "changed"),
    ("moved", "移动", "moved"),
)
EDITION_PARTS = words(
    ("edition", "版本本身", "the edition itself"),
    ("systems", "测评体系", "systems"),
    ("versions", "版本", "editions"),
    ("categories", "点位类别", "categories"),
    ("modules", "模块", "modules"),
    ("years", "周期年份", "years of the cycle"),
    ("weights", "类别权重", "weights of categories"),
    ("items", "测评项目", "items"),
    ("contents", "测评内容", "contents"),
    ("negative", "负面清单", "negative list"),
    ("gates", "前置条件", "preconditions"),
    ("counties", "两级联创区县", "counties"),
    ("standards", "测评标准", "standards"),
)
CHECKLIST_THINGS = words(
    ("evaluation version", "测评体系版本", "edition of an evaluation system"),
    ("evaluation system", "测评体系", "evaluation system"),
    ("version", "版本", "edition"),
    ("item", "测评项目", "item"),
    ("content", "测评内容", "content"),
    ("module", "模块", "module"),
)
