"""Which items go together with the overall judgement: shares, LMG, expectation gaps.

What to mend first by the regulation is `index.priorities`.
"""
