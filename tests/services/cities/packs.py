"""A small city pack on disk: one branch of the tree, every post that the example city's rules name, two stories.

`write_pack(folder, change={"points.csv": ("old", "new")})` writes it with one thing replaced.
"""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from services.scores.formula import DEFAULT

ZIGONG = Path(__file__).resolve().parents[3] / "cities" / "zigong"
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
AREA_POSTS = {
    "5103": ("office", "inspector", "verifier", "headquarters", "performance_office", "duty_officer", "administrator"),
    "510302": ("office", "inspector", "verifier"),
    "510371": ("office", "inspector", "verifier"),
    "510302001": ("street_chief", "verifier"),
    "510302001002": ("area_chief",),
    "510302001002001": ("building_chief", "grid_chief"),
}
UNIT_POSTS = ("handler", "direct_leader", "deputy_leader", "principal_leader")
UNITS = {
    "D-CGJ": "5103",
    "T510302": "510302",
    "T510371": "510371",
    "T510302001": "510302001",
    "T510302001002": "510302001002",
}
FILES = {
    "city.toml": """code = "5103"
name = "自贡市"
timezone = "Asia/Shanghai"
number_prefix = "ZG"
demo = true
spans = [["09:00", "12:00"], ["13:00", "17:00"]]
""",
    "areas.csv": """code,name,level,parent_code,managed_by,valid_from,valid_to,local,sample
5103,自贡市,1,,,,,0,0
510302,自流井区,2,5103,,,,0,0
510371,高新区,2,5103,,,,1,0
510302001,五星街街道,3,510302,510371,,,0,0
510302001002,高山井社区,4,510302001,,,,0,0
510302001002001,第一网格,5,510302001002,,,,1,1
""",
    "persons.csv": "code,name,lang,sample\nR1,甲,zh-CN,1\nR2,乙,zh-CN,1\nR3,丙,en,1\nR4,丁,zh-CN,1\n",
    "deputies.csv": "person_code,deputy_code,valid_from,valid_to\nR1,R2,2026-11-01,2026-12-31\n",
    "contacts.csv": """person_code,channel,address,position,verified,sample
R1,mail,r1@example.invalid,1,1,1
R2,mail,r2@example.invalid,1,1,1
R3,mail,r3@example.invalid,1,1,1
R4,sms,19900000004,1,1,1
""",
    "checklist/systems.csv": "code,name,name_en\ncivil,文明城市,Civilised City\n",
    "checklist/versions.csv": "code,system_code,name,valid_from\nV1,civil,2026,2026-01-01\n",
    "checklist/categories.csv": "code,system_code,name,name_en\n01,civil,主次干道,Roads\n12,civil,农贸市场,Markets\n",
    "checklist/standards.csv": """\
version_code,code,category_code,text,text_en,deduction,kind,check_method,severity,lead,evidence,negative_list
V1,01-01,01,广告,Ads,0.5,publicity,observe,S3,D-CGJ,photo,0
V1,12-01,12,公平秤,Scales,1,service,observe,S3,L3.unit,photo,0
""",
    "points.csv": """code,name,category_code,area_code,lead_unit,address,lat,lng,sample
P-0001,大道,01,510302001002001,D-CGJ,某街1号,29.3,104.7,1
P-0002,市场,12,510302001002,T510302001,某街2号,,,1
""",
    "tasks.csv": """year,category_code,point_code,unit_code,person_code,campaign
2026,01,P-0001,D-CGJ,R2,环境卫生
2026,12,,T510302001,,
""",
    "calendar/calendar_days.csv": """date,kind,name,source,published
2026-01-01,holiday,元旦,notice,1
2026-01-04,make_up,调休,notice,1
2027-01-01,holiday,元旦,guess,0
""",
    "issues.csv": """key,point_code,standard_code,description,source,found_level,severity,days_ago,story,sample
A,P-0001,01-01,破损,covert,city,S3,9,assign@0.1 sign_in@0.3 submit(已换)@2 pass@3 close@4,1
B,P-0002,12-01,过期,hotline_12345,district,S3,20,assign@0.1 return(不属我单位)@0.3 assign@0.4 sign_in@0.5,1
""",
}


def write_pack(folder: Path, *, change: Mapping[str, tuple[str, str]] | None = None) -> Path:
    """Write the pack, each `change` replacing one text that must be there."""
    files = {**FILES, **_posts_and_tenures(), "units.csv": _units()}
    shutil.copytree(ZIGONG / "rules", folder / "rules", dirs_exist_ok=True)
    shutil.copy(DEFAULT, folder / "rules" / "scoring.toml")  # that of the example city names categories of its own
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    for name, (old, new) in (change or {}).items():
        replace(folder / name, old, new)
    return folder


def replace(path: Path, old: str, new: str) -> None:
    """Replace a text in a file; it must be there."""
    before = path.read_text("utf-8")
    assert old in before, f"{old!r} is not in {path.name}"
    path.write_text(before.replace(old, new, 1), "utf-8")


def _units() -> str:
    rows = [f"{code},{code}单位,{_kind(code)},{area},key,,,1" for code, area in UNITS.items()]
    return "\n".join(["code,name,kind,area_code,ranking_group,valid_from,valid_to,sample", *rows]) + "\n"


def _kind(unit: str) -> str:
    return "territorial" if unit.startswith("T") else "departmental"


def _posts_and_tenures() -> Mapping[str, str]:
    """R1 sits in the offices, R2 handles and leads in D-CGJ, R3 verifies, R4 has everything else."""
    owned = [("area", owner, kind) for owner, kinds in AREA_POSTS.items() for kind in kinds]
    owned += [("unit", owner, kind) for owner in UNITS for kind in UNIT_POSTS]
    owned.append(("point", "P-0001", "sponsor_leader"))
    posts = [f"{owner}:{kind},{kind},{what},{owner},{kind}" for what, owner, kind in owned]
    tenures = [f"{owner}:{kind},{_holder(owner, kind)},2024-01-01," for _, owner, kind in owned]
    return {
        "posts.csv": "\n".join(["code,kind,owner_kind,owner_code,title", *posts]) + "\n",
        "tenures.csv": "\n".join(["post_code,person_code,valid_from,valid_to", *tenures]) + "\n",
    }


def _holder(owner: str, kind: str) -> str:
    if owner == "D-CGJ":
        return "R2"
    return {"office": "R1", "verifier": "R3"}.get(kind, "R4")
