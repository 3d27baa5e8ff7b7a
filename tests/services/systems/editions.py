"""A small pack with an edition that states everything, and the two steps of bringing a workbook in as one."""

import io
from datetime import timedelta
from pathlib import Path

from openpyxl import load_workbook

from services import people
from services.exports.systems import system_workbook
from services.systems.bringing import bring, propose
from services.systems.reading import system_of
from tests.services.cities.packs import NOW, replace, write_pack

BOSS, VERIFIER = "R4", "R3"
LATER = NOW + timedelta(days=3)
PARTS = {
    "checklist/modules.csv": "version_code,code,name,name_en,weight\n"
    "V1,on_site,实地测评,On site,0.7\nV1,online_filing,网上申报,Online filing,0.3\n",
    "checklist/years.csv": "version_code,year,weight\nV1,1,0.15\nV1,2,0.25\nV1,3,0.6\n",
    "checklist/weights.csv": "version_code,category_code,weight\nV1,12,2\n",
    "checklist/items.csv": "version_code,code,name,name_en\nV1,01,人文环境,Culture\nV1,02,市场环境,Market\n",
    "checklist/contents.csv": "version_code,code,item_code,name,name_en,module_code\n"
    "V1,0101,01,公益宣传,Publicity,on_site\nV1,0102,01,申报材料,Material,online_filing\nV1,0201,02,诚信经营,Trade,\n",
    "checklist/negative.csv": "version_code,code,text,text_en,effect,points,most\n"
    "V1,crime,主要领导违法,A crime,veto,0,\nV1,media,媒体曝光,Exposed,deduct,0.5,2\n",
    "checklist/gates.csv": "version_code,code,name,name_en,module,least\n"
    "V1,minors_gate,未成年人测评,Minors,minors,85\n",
    "checklist/counties.csv": "version_code,area_code,goal,goal_en\nV1,510302,省级文明城市,Provincial\n",
    "checklist/versions.csv": "code,system_code,name,name_en,valid_from,basis,look_back_months,counties_share\n"
    "V1,civil,2026,The 2026 edition,2026-01-01,某文件,12,0.1\n",
    "checklist/standards.csv": "version_code,code,category_code,content_code,text,text_en,deduction,kind,check_method,"
    "severity,lead,evidence,negative_list\n"
    "V1,01-01,01,0101,广告,Ads,0.5,publicity,observe,S3,D-CGJ,photo,0\n"
    "V1,12-01,12,0201,公平秤,Scales,1,service,observe,S3,L3.unit,photo,1\n",
}


def write_whole(folder: Path, *, change: tuple[str, str, str] | None = None) -> Path:
    """The pack with the edition; `change`: a file, what stands there, what is put there."""
    write_pack(folder)
    for name, content in PARTS.items():
        (folder / name).write_text(content, "utf-8")
    if change:
        replace(folder / change[0], *change[1:])
    return folder


def workbook(session, code="V1", *, lang="zh-CN"):
    """The edition's workbook, open, to be changed by hand."""
    return load_workbook(io.BytesIO(system_workbook(system_of(session, code), lang=lang)))


def saved(book, tmp_path, name="edition.xlsx") -> Path:
    book.save(tmp_path / name)
    return tmp_path / name


def renamed(book, code="V2", day="2027-01-01"):
    """The same workbook as the next edition."""
    book["版本"]["D2"], book["版本"]["G2"] = code, day
    return book


def actor(session, code=BOSS):
    return people.actor(session, code, now=LATER)


def seen(session, path, *, by=BOSS):
    return propose(session, path, actor=actor(session, by), now=LATER)


def brought(session, path, *, by=BOSS, why="because"):
    """Propose and confirm what was shown."""
    mark = seen(session, path, by=by).fingerprint
    return bring(session, path, actor=actor(session, by), why=why, fingerprint=mark, now=LATER)
