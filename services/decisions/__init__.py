"""What each action means: from an issue and what is known about it to what is to be written. Pure functions.

One file per stage of an issue's life, in its order: found, assigned, rectifying, rectified, verified, closed;
`asked` holds what a unit may ask for, `orders` replies to supervision orders, `sweeping` the look for the same fault
elsewhere, `timed` what time alone brings, `papers` what is printed, `marks` what counts double.
"""

from collections.abc import Callable, Mapping

from models.issue import Issue
from models.lifecycle import Action
from services.commands import Command, Decision, Known
from services.decisions import (
    asked,
    assigned,
    closed,
    found,
    marks,
    orders,
    papers,
    rectified,
    rectifying,
    sweeping,
    timed,
    verified,
)

Decide = Callable[[Issue, Command, Known], list[Decision]]

DECIDE: Mapping[Action, Decide] = {
    Action.FIND: found.find,
    Action.TAKE_OVER: found.take_over,
    Action.TRIAGE: found.triage,
    Action.ASSIGN: found.assign,
    Action.MERGE: found.merge,
    Action.VOID: found.void,
    Action.SIGN_IN: assigned.sign_in,
    Action.RETURN: assigned.give_back,
    Action.SUBMIT: rectifying.submit,
    Action.REPLY_ORDER: orders.reply_order,
    Action.REVIEW_ORDER: orders.review_order,
    Action.REPORT_SWEEP: rectifying.report_sweep,
    Action.START_SWEEP: sweeping.start,
    Action.FINISH_SWEEP: sweeping.finish,
    Action.WAIVE_SWEEP: sweeping.waive,
    Action.COMMENT: rectifying.comment,
    Action.ATTACH: rectifying.attach,
    Action.RESUME: rectifying.resume,
    Action.REAPPLY_RULES: rectifying.reapply_rules,
    Action.RECOMPUTE: rectifying.recompute,
    Action.PASS: rectified.passed,
    Action.FAIL: rectified.failed,
    Action.CALL_BACK: verified.call_back,
    Action.DISPUTE: verified.dispute,
    Action.CLOSE_OUT: verified.close_out,
    Action.REOPEN: closed.reopen,
    Action.RELAPSE: closed.relapse,
    Action.LOOK_BACK: closed.look_back,
    Action.ASK_EXTENSION: asked.ask_extension,
    Action.GRANT_EXTENSION: asked.grant_extension,
    Action.REFUSE_EXTENSION: asked.refuse,
    Action.ASK_RETURN: asked.ask_return,
    Action.GRANT_RETURN: asked.grant_return,
    Action.REFUSE_RETURN: asked.refuse,
    Action.ASK_SHELVING: asked.ask_shelving,
    Action.GRANT_SHELVING: asked.grant_shelving,
    Action.REFUSE_SHELVING: asked.refuse,
    Action.ISSUE_PAPER: papers.issue_paper,
    Action.REMIND: papers.remind,
    Action.MARK_LEADER: marks.mark,
    Action.UNMARK_LEADER: marks.unmark,
    Action.ESCALATE: timed.on_time,
    Action.UNREACHABLE: timed.unreachable,
}
