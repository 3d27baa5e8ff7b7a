"""Evaluation systems: what an edition says, which is in force, how two differ, bringing one in and taking it out."""
