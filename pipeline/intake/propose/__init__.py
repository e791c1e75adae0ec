"""``skm new``: a definition proposed from files, each line with its reason, what cannot be known asked.

Nothing here is used when a survey runs.
"""
