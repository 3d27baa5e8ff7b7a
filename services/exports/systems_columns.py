"""The sheets of an evaluation system's workbook: their names, their columns, and the words of their cells."""

from collections.abc import Mapping
from dataclasses import dataclass

from models import checklist_terms as terms
from models.wording import Words
from services.exports.columns import Column

C = Column
EDITION = "edition"


@dataclass(frozen=True)
class SheetForm:
    """One sheet. `part`: the table of a pack that it fills; the edition's own facts stand on the first."""

    part: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    needed: tuple[str, ...]

    def title(self, lang: str) -> str:
        """Its name in a language: zh-CN, or en."""
        return self.en if lang == "en" else self.zh


NAME_EN = C("name_en", "英文名称", "Name in English", 30)
WEIGHT = C("weight", "权重", "Weight", 8)
CATEGORY_NAME = C("category_name", "类别名称", "Category name", 18, derived=True)
SHEETS: tuple[SheetForm, ...] = (
    SheetForm(
        EDITION,
        "版本",
        "Edition",
        (
            C("system_code", "体系编码", "System code", 18),
            C("system_name", "体系名称", "System", 30),
            C("system_name_en", "体系英文名称", "System in English", 30),
            C("code", "版本编码", "Edition code", 14),
            C("name", "版本名称", "Edition", 34),
            C("name_en", "版本英文名称", "Edition in English", 34),
            C("valid_from", "生效日期", "In force from", 12),
            C("basis", "文件依据", "Based on", 40),
            C("look_back_months", "负面清单回溯月数", "Look-back in months", 10),
            C("counties_share", "区县项目占比", "Share of the counties", 10),
        ),
        ("system_code", "code", "name", "valid_from"),
    ),
    SheetForm(
        "modules",
        "模块",
        "Modules",
        (C("code", "模块编码", "Module code", 18), C("name", "模块名称", "Module", 18), NAME_EN, WEIGHT),
        ("code", "name", "weight"),
    ),
    SheetForm("years", "周期", "Cycle", (C("year", "第几年", "Year of the cycle", 10), WEIGHT), ("year", "weight")),
    SheetForm(
        "categories",
        "点位类别",
        "Categories",
        (C("code", "类别编码", "Category code", 10), C("name", "类别名称", "Category", 24), NAME_EN),
        ("code", "name"),
    ),
    SheetForm(
        "weights",
        "类别权重",
        "Category weights",
        (C("category_code", "类别编码", "Category code", 10), CATEGORY_NAME, WEIGHT),
        ("category_code", "weight"),
    ),
    SheetForm(
        "items",
        "测评项目",
        "Items",
        (C("code", "项目编码", "Item code", 10), C("name", "项目名称", "Item", 34), NAME_EN),
        ("code", "name"),
    ),
    SheetForm(
        "contents",
        "测评内容",
        "Contents",
        (
            C("item_code", "项目编码", "Item code", 10),
            C("code", "内容编码", "Content code", 10),
            C("name", "内容名称", "Content", 40),
            NAME_EN,
            C("module_code", "模块编码", "Module code", 18),
        ),
        ("item_code", "code", "name"),
    ),
    SheetForm(
        "standards",
        "测评标准",
        "Standards",
        (
            C("content_code", "内容编码", "Content code", 10),
            C("code", "标准编码", "Standard code", 12),
            C("category_code", "类别编码", "Category code", 10),
            CATEGORY_NAME,
            C("text", "标准", "Standard", 46),
            C("text_en", "英文标准", "Standard in English", 46),
            C("deduction", "扣分", "Deduction", 8),
            C("kind", "分类", "Class", 12),
            C("check_method", "测评方法", "How it is checked", 10),
            C("severity", "等级", "Severity", 8),
            C("lead", "主责单位编码", "Who leads", 14),
            C("evidence", "佐证要求", "Evidence asked for", 10),
            C("negative_list", "负面清单", "On the negative list", 10),
        ),
        ("code", "category_code", "text", "severity"),
    ),
    SheetForm(
        "negative",
        "负面清单",
        "Negative list",
        (
            C("code", "条目编码", "Entry code", 18),
            C("text", "情形", "Case", 46),
            C("text_en", "英文情形", "Case in English", 46),
            C("effect", "后果", "Effect", 10),
            C("points", "每件扣分", "Points each", 9),
            C("most", "最多扣分", "Points at most", 9),
        ),
        ("code", "text", "effect"),
    ),
    SheetForm(
        "gates",
        "前置条件",
        "Gates",
        (
            C("code", "条件编码", "Gate code", 18),
            C("name", "条件", "Gate", 40),
            NAME_EN,
            C("module", "成绩来源编码", "Score of", 18),
            C("least", "最低分", "At least", 8),
        ),
        ("code", "name", "module", "least"),
    ),
    SheetForm(
        "counties",
        "两级联创",
        "Counties",
        (
            C("area_code", "区县代码", "County code", 14),
            C("area_name", "区县名称", "County", 18, derived=True),
            C("goal", "创建目标", "Title competed for", 34),
            C("goal_en", "英文目标", "Title in English", 34),
        ),
        ("area_code",),
    ),
)
BY_PART: Mapping[str, SheetForm] = {form.part: form for form in SHEETS}
CELL_WORDS: Mapping[tuple[str, str], Words] = {
    ("standards", "kind"): terms.STANDARD_KINDS,
    ("standards", "check_method"): terms.CHECK_METHODS,
    ("standards", "evidence"): terms.EVIDENCE_ASKED,
    ("standards", "negative_list"): terms.YES_NO,
    ("negative", "effect"): terms.EFFECTS,
}
"""(part, column) → the words that stand for its codes; a class that is not among them stands as it is."""
