"""Who was asked: required and achieved sizes, who is in each published scope, who answered.

What the respondents said is elsewhere.
"""
