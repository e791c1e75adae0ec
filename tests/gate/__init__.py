"""The gate: every number and every verdict word of the finished pages, held against the result tables.

It reads what a reader reads (HTML and the text of PDF), never how it was made.
``python -m tests.gate ROOT SURVEY`` lists what does not hold, rule by rule.
"""
