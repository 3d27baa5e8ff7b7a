"""Leaders' written instructions (批示): recorded by the office, read after logging in, every reading on record.

Secret: this package alone reads their text. It goes into no message, event, webhook, export, search, log, board or API;
tests/services/instructions/test_no_way_out.py walks the ways out.
"""
