"""Actions on one issue, each with a body of its own: the lifecycle as addresses. What is allowed the one door decides.

`If-Match` names the issue as it was read; when somebody was faster the answer is 412, and nothing was done.
"""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header
from pydantic import AwareDatetime, Field

from models.issue import EvidenceKind
from models.lifecycle import BY_ACTION, Action
from services import acting, uploads
from services.acting import Seen
from services.sight import must_see
from web.api import schemas
from web.api.doors import Acts, Caller
from web.api.etags import seen_of
from web.api.once import Once
from web.api.problems import answers
from web.api.schemas import Code, Given, Text, Words

router = APIRouter(route_class=Once, tags=["actions"])
Uploads = Annotated[tuple[Code, ...], Field(max_length=9, description="keys of finished uploads")]
Minutes = Annotated[str, Field(pattern=r"^\d{1,4}(\.\d{1,2})? [a-z_]+$", examples=["2 working_days"])]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="the ETag of the issue as it was read")]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


class Nothing(Given):
    """No more is needed."""


class Reason(Given):
    reason: Words


class MaybeReason(Given):
    reason: Text = ""


class Assign(Given):
    """To whom; the suggested unit where none is named."""

    to: Code | None = None
    assisting: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    severity: Code | None = None
    sweep: bool | None = None
    leader: Annotated[bool | None, Field(description="a leader assigned it: it counts double")] = None
    reason: Text = ""


class Submit(Given):
    result: Words
    measure: Text | None = None
    uploads: Uploads = ()


class Pass(Given):
    note: Text = ""
    uploads: Uploads = ()


class Fail(Given):
    reason: Words
    uploads: Uploads = ()


class LookBack(Given):
    result: Annotated[str, Field(pattern="^holds$")] = "holds"


class Merge(Given):
    """The number of the issue that goes on."""

    into: Code


class Comment(Given):
    text: Words


class Attach(Given):
    kind: EvidenceKind = EvidenceKind.OTHER
    uploads: Annotated[list[Code], Field(min_length=1, max_length=9)]


class AskExtension(Given):
    reason: Words
    amount: Minutes


class AskShelving(Given):
    reason: Words
    milestone: AwareDatetime


class GrantExtension(Given):
    """Less may be granted than was asked for."""

    amount: Minutes | None = None
    reason: Text = ""


class GrantShelving(Given):
    milestone: AwareDatetime | None = None
    reason: Text = ""


class CallBack(Given):
    answer: Annotated[str, Field(pattern="^(satisfied|fairly_satisfied|dissatisfied)$")]
    note: Text = ""


class Sweep(Given):
    """Places that were looked at for the same fault, and those where it was found."""

    checked: Annotated[int, Field(ge=0, le=1_000_000)]
    found: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class Reply(Given):
    reply: Words


class Reapply(Given):
    severity: Code | None = None
    reason: Text = ""


BODIES: Mapping[Action, type[Given]] = {
    Action.ASSIGN: Assign,
    Action.SIGN_IN: Nothing,
    Action.RETURN: Reason,
    Action.SUBMIT: Submit,
    Action.PASS: Pass,
    Action.FAIL: Fail,
    Action.CLOSE_OUT: Nothing,
    Action.DISPUTE: Reason,
    Action.REOPEN: Reason,
    Action.RELAPSE: Reason,
    Action.LOOK_BACK: LookBack,
    Action.MERGE: Merge,
    Action.VOID: Reason,
    Action.COMMENT: Comment,
    Action.ATTACH: Attach,
    Action.ASK_EXTENSION: AskExtension,
    Action.GRANT_EXTENSION: GrantExtension,
    Action.REFUSE_EXTENSION: Reason,
    Action.ASK_RETURN: Reason,
    Action.GRANT_RETURN: MaybeReason,
    Action.REFUSE_RETURN: Reason,
    Action.ASK_SHELVING: AskShelving,
    Action.GRANT_SHELVING: GrantShelving,
    Action.REFUSE_SHELVING: Reason,
    Action.RESUME: MaybeReason,
    Action.CALL_BACK: CallBack,
    Action.REPORT_SWEEP: Sweep,
    Action.WAIVE_SWEEP: Reason,
    Action.MARK_LEADER: Nothing,
    Action.UNMARK_LEADER: Reason,
    Action.REPLY_ORDER: Reply,
    Action.REAPPLY_RULES: Reapply,
}
KINDS: Mapping[Action, EvidenceKind] = {
    Action.SUBMIT: EvidenceKind.AFTER,
    Action.PASS: EvidenceKind.OTHER,
    Action.FAIL: EvidenceKind.OTHER,
}


def _add(action: Action, body: type[Given]) -> None:
    """One address for one action, so that each has its own body in the OpenAPI page."""

    def act(number: str, caller: Acts, given: body, if_match: IfMatch = None, key: Key = None) -> schemas.Done:  # type: ignore[valid-type]
        return _act(action, caller, number, given, if_match, key)

    line = BY_ACTION[action]
    router.add_api_route(
        f"/issues/{{number}}/actions/{action.value}",
        act,
        methods=["POST"],
        name=action.value,
        operation_id=action.value,
        summary=f"{action.value}: from {', '.join(sorted(line.come_from))}",
        response_model=schemas.Done,
        responses=answers(400, 401, 403, 404, 409, 412, 422, 429),
    )


for _action, _body in BODIES.items():
    _add(_action, _body)


def _act(
    action: Action, caller: Caller, number: str, given: Given, if_match: str | None, key: str | None
) -> schemas.Done:
    """Raises what the verb raises."""
    issue = must_see(caller.session, caller.actor, number)
    seen = seen_of(if_match, issue) if if_match else Seen(issue.version, issue.event_count)
    outcome = acting.act(
        caller.session,
        action,
        issue,
        given=_values(caller, action, given),
        by=caller.actor,
        seen=seen,
        key=f"api/{key}" if key else f"api/{secrets.token_urlsafe(12)}",
        now=caller.now,
    )
    caller.session.commit()
    caller.session.refresh(issue)
    return schemas.Done(number=issue.number, state=issue.state, version=issue.version, repeated=outcome.repeated)


def _values(caller: Caller, action: Action, given: Given) -> dict[str, Any]:
    """What the verb wants: photos by their uploads, another issue by its number."""
    values = {name: value for name, value in given.model_dump().items() if value is not None}
    keys, kind = values.pop("uploads", ()), values.pop("kind", KINDS.get(action))
    if keys and kind is not None:
        values["evidence"] = uploads.pieces(caller.session, keys, by=caller.actor.code, kind=kind, now=caller.now)
    if "into" in values:
        values["into"] = must_see(caller.session, caller.actor, values["into"]).id
    return values
