"""The replication package of a survey: everything somebody else needs to check its results, in one file.

Collects what runs have made and describes it; computes no statistic, and holds no answer of a respondent
unless it is asked for them.
"""
