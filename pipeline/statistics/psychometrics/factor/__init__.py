"""Factor models: how many dimensions, one-factor fits by maximum likelihood and WLSMV, fit indices.

Models of several groups are in `invariance`.
"""
