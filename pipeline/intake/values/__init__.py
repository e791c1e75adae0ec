"""What one cell may mean: a score, a date, a characteristic of the respondent, an identity, an item's wording.

Knows no table: which column is read as what is decided in `columns`.
"""
