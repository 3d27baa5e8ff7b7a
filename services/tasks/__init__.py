"""Task decomposition (任务分解): who answers for what in a year, told by letter, watched by coverage and progress.

`settings` what the city says · `table` the rows · `letters` issuing, `signing`, `chasing` who is late · `reading` the
letters as a reader sees them · `coverage` holes of the table · `progress` how far each class, unit and campaign is.
"""
