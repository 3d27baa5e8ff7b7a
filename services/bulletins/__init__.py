"""Bulletins (通报): the half-month dispatch, the weekly bulletin, the monthly appraisal.

`periods` what a bulletin covers · `drafting` makes the draft: `counting` the figures with their rows, `parts` what else
stands in it, `comparing` with the one before, `wording` the texts that an office starts from · `editing` a draft ·
`deciding` approves, publishes (`files` are made and kept then, `telling` sends word) · `reading` who may read what.
"""
