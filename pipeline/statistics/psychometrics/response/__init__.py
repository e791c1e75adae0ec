"""Item response: what each item tells of a respondent, and where on the scale it tells nothing.

Of all respondents together; factor models, which speak of correlations, are in `factor`.
"""
