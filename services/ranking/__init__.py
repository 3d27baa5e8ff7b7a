"""Places of units within their groups, month by month: live, in a draft that may be appealed against, published.

months       a month as a period
live         places of today, by the rules in force
table        a month's table: made from live places, kept in a publication, read back
rows         black lists in a row, changes against the month before, what a rule proposes
drafting     the month's appraisal: drafted, made anew, approved after the appeal window, published
appeals      a unit's appeal against a case, and the decision about it
relief       what appeals do to the cases of a period
moves        which open issues would move a unit's place
seeing       who sees which of it
"""
