"""Questionnaires (问卷调查): a sampled survey of households and field raters, and a public form beside it."""
