"""The problem ledger (问题台账): what is new comes in through the one door, what is here already is only compared.

A number that is known: the row must say what the record says, for an import never moves a running issue.
A number that is not: the issue is taken over in the state in which the ledger has it. No number: a new finding.
"""

from services.imports.ledger_apply import Imported, apply
from services.imports.ledger_plan import Plan, plan

__all__ = ["Imported", "Plan", "apply", "plan"]
