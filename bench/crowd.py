"""A crowd of issues out of a few real ones: INSERT … SELECT over generate_series, for measuring at a million rows.

Every new row is a copy of an issue that came through the services. Its seal is copied too and does not verify, and it
has no events of its own; whatever is done to it afterwards through the door is written and sealed as always.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine, text

from models.issue import Issue
from models.lifecycle import State

SHARES: Mapping[State, int] = {
    State.CLOSED: 850,
    State.VOID: 50,
    State.FOUND: 10,
    State.ASSIGNED: 15,
    State.RECTIFYING: 50,
    State.RECTIFIED: 15,
    State.VERIFIED: 7,
    State.SHELVED: 3,
}
"""Of a thousand. In a real year far fewer are open; a tenth is the worst that boards have to bear."""
DAYS = 1100
"""The crowd was found over three years."""
PROBLEMS = (
    *(
        "垃圾桶满溢未清运",
        "占道经营，挤占人行道",
        "公益广告破损褪色",
        "非机动车乱停放",
        "路面积水未清扫",
        "墙面小广告未清除",
    ),
    *(
        "绿化带内有烟头纸屑",
        "窨井盖松动异响",
        "消防通道被占用",
        "公厕地面湿滑有异味",
        "公平秤未校准",
        "从业人员未戴口罩",
    ),
    *(
        "灭火器过期未更换",
        "楼道堆放杂物",
        "盲道被阻断",
        "电线私拉乱接",
        "车窗抛物无人劝阻",
        "健康证未公示",
        "护栏缺失未修复",
    ),
    *("餐饮油烟直排扰民", "宠物粪便未清理", "照明灯损坏不亮", "宣传栏内容过期", "志愿服务站无人值守"),
)
RARE = ("白鹭惊飞", "塌陷", "鼹鼠", "蜂窝", "龘")
"""Each is in one of some 25,000 issues: what a search must find without reading everything."""
PLACES = ("东侧入口", "西门公交站旁", "三号楼前", "地下车库", "主席台对面", "卖鱼摊位区", "河堤步道", "学校围墙外")

NEW_COLUMNS = (
    "id, number, state, version, external_ref, source, found_at, point_code, area_code, area_path, category_code,"
    " standard_code, version_code, address, description, severity, lead_unit, due_at, original_due_at, stage_due_at,"
    " next_step_at, closed_at, round_id, lat, lng"
)
# The newest are open; a look at the past is what makes the table long. Points are drawn unevenly, as cities are.
SPREAD = """
WITH drawn AS MATERIALIZED (
  SELECT n, random() AS a, random() AS b, random() AS c, random() AS d, random() AS e, random() AS f,
         CAST(:until AS timestamptz) - :days * (1 - (n - :first)::float8 / :count) * interval '1 day' AS found
    FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n),
named AS (
  SELECT *, (CAST(:states AS text[]))[width_bucket(
           CASE WHEN f < (1 - :ended) * CASE WHEN n - :first > 0.85 * :count THEN 6.1 ELSE 0.1 END
                THEN :ended + a * (1 - :ended) ELSE a * :ended END,
           CAST(:bounds AS float8[])) + 1] AS state
    FROM drawn)
INSERT INTO issue ({columns}, {rest})
SELECT d.n, '{prefix}' || lpad(d.n::text, 7, '0'), d.state, 1, NULL, t.source, d.found,
       p.code, p.area_code, p.path, p.category_code, NULL, NULL,
       (CAST(:places AS text[]))[1 + floor(d.c * :place_count)::int] || d.n % 300 || '号',
       coalesce((CAST(:rare AS text[]))[floor(d.d * 25000)::int], '')
         || (CAST(:problems AS text[]))[1 + floor(power(d.e, 1.5) * :problem_count)::int] || '，' || p.name,
       'S' || 1 + floor(6 * d.c)::int, CASE WHEN d.state <> 'found' THEN p.lead_unit END,
       due.at, due.at, due.at, CASE WHEN d.state NOT IN ('closed', 'void') THEN due.at + interval '1 day' END,
       CASE WHEN d.state = 'closed' THEN d.found + (d.e * 9) * interval '1 day' END, NULL,
       p.lat + (d.c - 0.5) / 500, p.lng + (d.d - 0.5) / 500, {rest_of_t}
  FROM named d
  JOIN place p ON p.k = floor(power(d.b, 1.3) * :point_count)::int
  JOIN template t ON t.state = d.state
  CROSS JOIN LATERAL (SELECT CASE WHEN d.state IN ('closed', 'void') THEN d.found + (1 + 9 * d.d) * interval '1 day'
           ELSE CAST(:until AS timestamptz) + (30 * d.d - 10) * interval '1 day' END AS at) due
"""
SAME = """
INSERT INTO issue ({columns}, {rest})
SELECT n, '{prefix}' || lpad(n::text, 7, '0'), t.state, t.version, NULL, t.source, t.found_at, t.point_code,
       t.area_code, t.area_path, t.category_code, t.standard_code, t.version_code, t.address, t.description, t.severity,
       t.lead_unit, t.due_at, t.original_due_at, t.stage_due_at, coalesce(:next_step_at, t.next_step_at),
       t.closed_at, t.round_id, t.lat, t.lng, {rest_of_t}
  FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n
  JOIN template t ON t.k = n % (SELECT count(*) FROM template)
"""

BEING_RECTIFIED = """
CREATE TEMP TABLE template AS
SELECT *, row_number() OVER (ORDER BY id) - 1 AS k FROM (
  SELECT * FROM issue WHERE state = 'rectifying' ORDER BY id LIMIT 1000) AS first_ones
"""
# What triggers do otherwise (models/card.py).
CARDS = (
    "INSERT INTO issue_card (issue_id, number, found_at, area_path, point_code, body,"
    " category_code, standard_code, source, found_by)"
    " SELECT i.id, i.number, i.found_at, i.area_path, i.point_code, card_body(i.description, i.address, p.name),"
    " i.category_code, i.standard_code, i.source, i.found_by"
    " FROM issue i LEFT JOIN point p ON p.code = i.point_code WHERE i.id >= :first ORDER BY i.id",
    "INSERT INTO issue_ended (area_path, lead_unit, state, severity, n)"
    " SELECT area_path, lead_unit, state, severity, count(*) FROM issue WHERE state IN ('closed', 'void')"
    " AND id >= :first GROUP BY area_path, lead_unit, state, severity",
)


def multiply(engine: Engine, *, to: int, until: datetime) -> None:
    """Grow to so many issues, found in the three years before `until`, over all points, units, states, due times.

    Needs at least one issue made through the services; states of which there is none are not given to any.
    """
    with engine.begin() as connection, _unguarded(connection, to=to):
        states = _templates(connection)
        shares = [SHARES[state] for state in states]
        bounds = [sum(shares[: k + 1]) / sum(shares) for k in range(len(shares) - 1)]
        ended = sum(SHARES[state] for state in states if state in {State.CLOSED, State.VOID}) / sum(shares)
        first, last, count = _range(connection, to=to)
        given = {"until": until, "days": DAYS, "states": [s.value for s in states], "bounds": bounds, "ended": ended}
        words = {"places": list(PLACES), "place_count": len(PLACES), "rare": list(RARE)}
        words |= {"problems": list(PROBLEMS), "problem_count": len(PROBLEMS)}
        more = {"first": first, "last": last, "count": count, "point_count": _points(connection)}
        connection.execute(text(_with_all_columns(SPREAD)), {**given, **words, **more})
        for statement in CARDS:
            connection.execute(text(statement), {"first": first})
        _settle(connection, last=last)
    _analyze(engine)


def copies(engine: Engine, *, to: int, next_step_at: datetime | None = None) -> None:
    """Grow to so many issues by copying those that are being rectified, word for word; all due at that time.

    Several calls with other times make a crowd of which a part is due. They get no cards: no search finds them.
    """
    with engine.begin() as connection, _unguarded(connection, to=to):
        first, last, _ = _range(connection, to=to)
        given = {"first": first, "last": last, "next_step_at": next_step_at}
        connection.execute(text("DROP TABLE IF EXISTS pg_temp.template"))
        connection.execute(text(BEING_RECTIFIED))
        connection.execute(text(_with_all_columns(SAME)), given)
        _settle(connection, last=last)
    _analyze(engine)


@contextmanager
def _unguarded(connection: Connection, *, to: int) -> Iterator[None]:
    """Without foreign keys and triggers, and indexes made anew afterwards: a tenth of the time."""
    present = connection.execute(text("SELECT count(*) FROM issue")).scalar_one()
    indexes = _indexes(connection) if to > 2 * present else {}
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    connection.execute(text("SELECT setseed(0.5)"))
    for name in indexes:
        connection.execute(text(f'DROP INDEX "{name}"'))
    yield
    for definition in indexes.values():
        connection.exec_driver_sql(definition)


def _indexes(connection: Connection) -> Mapping[str, str]:
    """The indexes of the issues that no constraint needs, with what makes them."""
    query = (
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename IN ('issue', 'issue_card') AND NOT EXISTS"
        " (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
    )
    return dict(connection.execute(text(query)).tuples().all())


def _templates(connection: Connection) -> Sequence[State]:
    connection.execute(text("DROP TABLE IF EXISTS pg_temp.template"))
    query = "CREATE TEMP TABLE template AS SELECT DISTINCT ON (state) * FROM issue ORDER BY state, id"
    connection.execute(text(query))
    there = {State(value) for value in connection.execute(text("SELECT state FROM template")).scalars()}
    return [state for state in SHARES if state in there]


def _points(connection: Connection) -> int:
    connection.execute(text("DROP TABLE IF EXISTS pg_temp.place"))
    query = (
        "CREATE TEMP TABLE place AS SELECT (row_number() OVER (ORDER BY md5(p.code)) - 1)::int AS k, p.code, p.name,"
        " p.area_code, p.category_code, p.lead_unit, p.lat, p.lng, a.path FROM point p"
        " JOIN area a ON a.code = p.area_code"
    )
    connection.execute(text(query))
    return int(connection.execute(text("SELECT count(*) FROM place")).scalar_one())


def _range(connection: Connection, *, to: int) -> tuple[int, int, int]:
    present, last = connection.execute(text("SELECT count(*), coalesce(max(id), 0) FROM issue")).one()
    count = max(to - present, 0)
    return last + 1, last + count, max(count, 1)


def _with_all_columns(statement: str) -> str:
    named = {name.strip() for name in NEW_COLUMNS.split(",")}
    rest = [name for name in Issue.model_fields if name not in named]
    quoted, of_t = ", ".join(f'"{name}"' for name in rest), ", ".join(f't."{name}"' for name in rest)
    return statement.format(columns=NEW_COLUMNS, rest=quoted, rest_of_t=of_t, prefix="CROWD-2026-")


def _settle(connection: Connection, *, last: int) -> None:
    connection.execute(text("SELECT setval('issue_id_seq', :last)"), {"last": last})


def _analyze(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE) issue, issue_card, issue_ended"))
