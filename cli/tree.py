"""Every command group, joined to the tree. Importing a group registers its commands, in this order in the help."""

from importlib import import_module

from cli.app import app

GROUPS = (
    *("up", "demo", "health", "tick", "issues", "issue_actions", "issue_more", "issue_requests", "insight"),
    *("inbox", "outbox", "outbox_operate", "audit", "audit_steering", "sweep", "points", "papers", "bulletins"),
    *("exchange", "city"),
    *("tasks", "task_letters", "surveys", "filing", "scores", "ranking", "accountability"),
    *("city_change", "systems", "people", "contacts", "accounts", "tokens", "hooks", "clock", "verify", "db"),
)
for name in GROUPS:
    import_module(f"cli.{name}")

__all__ = ["app"]
