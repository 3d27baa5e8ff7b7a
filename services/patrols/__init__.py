"""Patrols of the four chiefs (四长巡查): `planning` at night, `recording` on the spot, `view` who goes and who not."""
