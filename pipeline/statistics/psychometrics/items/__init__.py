"""Item by item: item-rest correlations, ceiling, what the items share.

The scale as a whole is judged in `reliability` and `factor`.
"""
