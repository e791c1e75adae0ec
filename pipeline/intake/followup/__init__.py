"""The plan for follow-up of a survey: ``follow-up.csv``, read so that one bad row never costs the others.

Knows no answers and imports nothing heavy: a question about who is late is answered at once.
"""
