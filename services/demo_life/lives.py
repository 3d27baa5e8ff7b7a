"""What becomes of the issues of a round: the units put them right, soon or late, the timers climb meanwhile."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zlib import crc32

from sqlmodel import Session

from models.errors import DubanError
from models.issue import Issue
from models.lifecycle import State
from services.cities.playing import Player
from services.cities.rows import StoryStep
from services.cities.stories import Show
from services.cities.story import parse_story
from services.demo_life.stage import Stage

RESULTS = (
    "已组织人员清理整改，现场恢复正常",
    "已修复更换，并安排专人巡查",
    "已约谈责任单位，当场整改到位",
    "已增设设施，纳入日常管养",
)
TWICE = "fail(照片角度与整改前不一致，看不出效果)@1.6 submit(x)@2 pass@2.6 close@2.7"
STORIES: Mapping[str, Sequence[StoryStep]] = {
    "soon": parse_story("assign@0.05 sign_in@0.15 submit(x)@0.7 pass@0.9 close@1"),
    "well": parse_story("assign@0.05 sign_in@0.2 submit(x)@0.9 pass@1.3 close@1.4"),
    "twice": parse_story(f"assign@0.1 sign_in@0.25 submit(x)@0.9 {TWICE}"),
    "late": parse_story("assign@0.1 sign_in@0.9 submit(x)@7.2 pass@8.1 close@8.2"),
    "very_late": parse_story("assign@0.1 sign_in@1.6 submit(x)@12.4 pass@13.5 close@13.6"),
    "nothing": parse_story("assign@0.1 sign_in@1.2"),
}
DILIGENCE: Sequence[Sequence[str]] = (
    ("soon", "soon", "well", "soon", "well", "soon", "soon", "well"),
    ("soon", "well", "well", "twice", "well", "soon", "well", "late"),
    ("well", "well", "late", "well", "twice", "well", "soon", "well"),
    ("well", "twice", "late", "well", "late", "well", "very_late", "well"),
    ("late", "nothing", "very_late", "twice", "late", "nothing", "well", "very_late"),
)
"""How a unit works, from the most diligent on: which story its issues have, in turn."""
UNDER_WAY = {3: "nothing", 7: "nothing"}
"""Of issues that were found lately, some wait: each fourth."""
LATELY = timedelta(days=30)


def live(stage: Stage, issues: Sequence[int]) -> None:
    """Bring issues to where they would stand now. A step that the door refuses ends the story, not the issue."""
    show = Show(stage.session, Player(stage.session, evidence_dir=stage.press.place))
    show.ids = {str(key): key for key in issues}
    found = {key: stage.session.get_one(Issue, key) for key in issues}
    moments = sorted(
        (issue.found_at + timedelta(days=step.days), key, step)
        for key, issue in found.items()
        for step in _story(issue, stage.now)
    )
    over: set[int] = set()
    for at, key, step in moments:
        if at >= stage.now or key in over:
            continue
        show.run_timers(at)
        if not _happens(stage.session, show, found[key], step, at):
            over.add(key)
    show.run_timers(stage.now)


def _story(issue: Issue, now: datetime) -> list[StoryStep]:
    """By how diligent its unit is, and by its number."""
    way = DILIGENCE[crc32((issue.suggested_unit or issue.lead_unit or "").encode()) % len(DILIGENCE)]
    turn = (issue.id or 0) % len(way)
    name = UNDER_WAY.get(turn, way[turn]) if now - issue.found_at < LATELY else way[turn]
    done = RESULTS[(issue.id or 0) % len(RESULTS)]
    return [StoryStep(one.action, done if one.argument == "x" else one.argument, one.days) for one in STORIES[name]]


def _happens(session: Session, show: Show, issue: Issue, step: StoryStep, at: datetime) -> bool:
    """Whether it could be done. What a round handed over is assigned already."""
    session.refresh(issue)
    if step.action == "assign" and issue.state is not State.FOUND:
        return True
    try:
        with session.begin_nested():
            show.player.play(step, issue_id=issue.id or 0, found_at=issue.found_at, now=at)
    except DubanError:
        return False
    return True
