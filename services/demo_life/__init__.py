"""The life of a demo city: what its offices, inspectors, units and leaders did in the last months, done again.

Chapter by chapter, each in one transaction, through the services that people use, at times of the past; the caller
goes on until nothing is left. Only a demo city that was loaded with its samples has such a life.

`stage` where and when · `lives` what becomes of issues · `chapters` the list, and how far it has come · one file for
each chapter: `letters`, `rounds`, `mock`, `appraisals`, `surveys`, `filing`, `bulletins`, `measures`, `patrols`.
"""
