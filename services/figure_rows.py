"""The rows behind the figures: each issue as it counts for one unit in a period. Figures are nothing but their sums.

A case belongs to the period in which it is due. What closed or was handed in later does not count for the period; state
and deadline are otherwise those of the moment at which the rows are made. Source: domain 9f.
"""

COUNTS = (
    "assigned",
    "due",
    "suspended",
    "closed",
    "closed_on_time",
    "overdue_open",
    "checks",
    "failed_checks",
    "returns",
    "extended",
    "looked_back",
    "relapsed",
)
_HERE = "starts_with(i.area_path || '/', :below)"
"""Below an area, whose path ends in `/`; the empty path is everywhere."""

# On time is judged by when it was handed in: waiting for verification does not count against the handler (domain 9b).
# Overdue and open at the end of the period, even if handed in since.
_DUE = f"""
SELECT i.id AS issue_id, i.lead_unit AS unit, 1 AS due,
       CAST(i.state = 'shelved' AS int) AS suspended,
       CAST(coalesce(i.closed_at < :end, false) AS int) AS closed,
       CAST(coalesce(i.closed_at < :end AND i.submitted_at <= i.due_at, false) AS int) AS closed_on_time,
       CAST(coalesce(i.state IN ('assigned', 'rectifying')
                     OR (i.state <> 'shelved' AND i.submitted_at >= :end), false) AS int) AS overdue_open
  FROM issue i
 WHERE i.due_at >= :start AND i.due_at < :end AND i.lead_unit IS NOT NULL AND i.state <> 'void' AND {_HERE}
"""

# Whose an event is: the unit to which the issue was given last before it, for it may have gone on to another since.
OWNED = f"""
SELECT e.action, e.step, e.facts,
       coalesce(e.facts->>'returned_by',
                (SELECT a.facts->>'lead_unit' FROM issue_event a
                  WHERE a.issue_id = e.issue_id AND a.seq <= e.seq AND a.action IN ('assign', 'take_over')
                  ORDER BY a.seq DESC LIMIT 1), i.lead_unit) AS unit, e.issue_id
  FROM issue_event e JOIN issue i ON i.id = e.issue_id
 WHERE e.at >= :start AND e.at < :end AND {_HERE}
   AND e.action IN ('assign', 'pass', 'fail', 'return', 'grant_return', 'grant_extension', 'relapse', 'look_back',
                    'escalate')
"""
_EVENTS = """
SELECT issue_id, unit, CAST(count(*) FILTER (WHERE action = 'assign') AS int) AS assigned,
       CAST(count(*) FILTER (WHERE action IN ('pass', 'fail')) AS int) AS checks,
       CAST(count(*) FILTER (WHERE action = 'fail') AS int) AS failed_checks,
       CAST(count(*) FILTER (WHERE action IN ('return', 'grant_return')) AS int) AS returns,
       CAST(count(*) FILTER (WHERE action = 'grant_extension') > 0 AS int) AS extended,
       CAST(count(*) FILTER (WHERE action IN ('relapse', 'look_back')) AS int) AS looked_back,
       CAST(count(*) FILTER (WHERE action = 'relapse') AS int) AS relapsed
  FROM happened WHERE unit IS NOT NULL AND action <> 'escalate' GROUP BY issue_id, unit
"""
_COUNTS = ", ".join(f"coalesce({name}, 0) AS {name}" for name in COUNTS)
ROWS = f"""
WITH happened AS ({OWNED}), events AS ({_EVENTS}), running AS ({_DUE})
SELECT issue_id, unit, {_COUNTS} FROM running FULL JOIN events USING (issue_id, unit)
"""
"""Bound by `start`, `end` (not included) and `below`."""
