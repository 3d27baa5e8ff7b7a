"""What can be refused about webhooks by subscription; part of the tree in models/errors.py."""

from models.errors import Refused, SomebodyWasFaster


class HookChanged(SomebodyWasFaster):
    code = "hook_changed"
    template = "Webhook “{name}” has changed meanwhile. Look at it again, then decide."


class HookEnded(Refused):
    code = "hook_ended"
    template = "Webhook “{name}” was ended. Make a new one."


class TooManyHooks(Refused):
    code = "too_many_hooks"
    template = "There are {most} webhooks already. End one first."


class TooMuchToReplay(Refused):
    code = "too_much_to_replay"
    template = "More than {most} events lie since then. Take a later time, or use an export for what is older."
