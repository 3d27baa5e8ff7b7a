"""How scores, ranks and appraisals are made, as pure functions over rows that somebody else reads.

What a city varies stands in its document (rules/scoring.toml), read by `parse_scoring`. Every figure is a `Number` that
holds the terms it was made from, exact; it is rounded once, where it is published. Source: domain 9f and 1 to 4.

    strata               which points an audit looks at: drawn by category and area, repeatable from a seed
    measure, on_site     observations → point → category → place → rounds
    filing, questionnaire   the two other modules
    negative, yearly     year, negative list, preconditions, cycle, two-level co-creation
    cases, appraisal     what a unit did with its issues → its score of the month
    ranking, lists       places in a group, red and black lists, how often in a row, against the last period
    what_if              which open issues would move a unit
"""
