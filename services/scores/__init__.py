"""Scores from what is on record: rounds, months of units, years, cycles; their formulae, and their publication.

formula, editions    the rules of scoring in force, those of any time, and what an edition states before them
observed, cases, beside    rows of the database as models/scoring wants them
round, month, year    figures of today, each with what it was made from (making, modules: parts of a year)
recording    hits of the negative list and incidents, put on record and withdrawn
publishing    figures frozen into publications, with the formula behind them
documents, frozen    figures as publications keep them
looking, seeing    what there is, and for whom
"""
