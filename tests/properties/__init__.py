"""Rules that hold for any calendar and any walk through the life of issues, tried on many.

`make test` tries a few, always the same ones. Thousands, new ones each time, what is found kept in `.hypothesis` and
tried first the next time: `HYPOTHESIS_PROFILE=long python -m pytest -n0 --timeout 0 tests/properties` (an hour or so;
`HYPOTHESIS_EXAMPLES=300` for some minutes).
"""
