"""Words of administration: what becomes of a row, what is not there, what was asked for. See terms.py."""

from models.administration import ChangeKind
from models.wording import words

CHANGES = words(
    (ChangeKind.NEW, "新增", "new"),
    (ChangeKind.CHANGED, "修改", "changed"),
    (ChangeKind.ENDED, "结束", "ended"),
    (ChangeKind.BACK, "恢复", "back again"),
    (ChangeKind.LOADED, "首次载入", "loaded"),
)
CITY_THINGS = words(
    ("table", "数据表", "table"),
    ("row", "数据行", "row"),
    ("file of the pack", "城市数据包文件", "file of the pack"),
)
CITY_ACTIONS = words(("change_city", "修改城市数据", "change the city's data"))
