"""The formula of a unit's month written out once more, plainly, with the proposal's figures. Source: domain 9f."""

from fractions import Fraction as F

from models.scoring.cases import Case

POINTS = {"found": 0, "late": 1, "repeated": 2}
BY_FINDER = {
    "central": ("0.3", "1", "2"),
    "province": ("0.3", "1", "2"),
    "city": ("0.3", "1", "2"),
    "district": ("0.2", "0.5", "1"),
    "street": ("0.1", "0.3", "0.6"),
    "community": ("0.1", "0.3", "0.6"),
}


def times(case: Case) -> int:
    return 2 if case.leader_assigned or case.source == "media" else 1


def how_many(cases: list[Case]) -> int:
    return sum(times(case) for case in cases)


def cost(case: Case) -> F:
    reason = "repeated" if case.repeated else "late" if case.late else "found"
    if case.source == "self_check" and reason == "found":
        return F(0)
    return F(BY_FINDER[case.finder][POINTS[reason]]) * times(case) * (2 if case.again else 1)


def unit_month(cases: list[Case]) -> F:
    """30 disposal + 20 on time + 20 (1 − rework) + 20 (1 − overdue open) + 10 (1 − extension) − deductions + bonus."""
    due = [case for case in cases if case.due]
    work = [case for case in due if case.state != "suspended"]
    closed = [case for case in work if case.state == "closed"]
    in_time = [case for case in closed if not case.late]
    overdue = [case for case in due if case.late and case.state == "open"]
    checks = sum(times(case) * case.checks for case in cases)
    failed = sum(times(case) * case.failed_checks for case in cases)
    points = 30 * F(how_many(closed), how_many(work)) + 20 * F(how_many(in_time), how_many(work))
    points += 20 * (1 - F(how_many(overdue), how_many(due)))
    points += 10 * (1 - F(how_many([case for case in due if case.extended]), how_many(due)))
    points = points + 20 * (1 - F(failed, checks)) if checks else points * F(100, 80)
    own = [case for case in in_time if case.source == "self_check" and not case.repeated]
    bonus = min(F(5), F("0.1") * len(own))
    return max(F(0), min(F(105), points - min(F(40), sum(map(cost, work), F(0))) + bonus))
