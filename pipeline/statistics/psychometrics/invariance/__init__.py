"""Is the same thing measured everywhere: multigroup factor models, differential item functioning.

One group's model is in `factor`.
"""
