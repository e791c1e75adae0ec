"""What became of a plan for follow-up: counts, what is late, how soon it was finished, the evaluator's scores.

Knows no answers, no file and no date of today: the day on which it is judged is handed in.
"""
