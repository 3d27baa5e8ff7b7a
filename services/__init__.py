"""What the system does: one verb per function, the only writer. Session and `now` are arguments."""
