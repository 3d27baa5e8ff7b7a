"""Asking what runs long on this machine to end: a word over the database (runtime/listening.py)."""

import socket

STOP = "duban_stop"


def this_machine() -> str:
    """This machine's name: the text of the word, since the processes of other machines go on."""
    return socket.gethostname()
