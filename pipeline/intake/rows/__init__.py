"""From typed tables to respondents: wide and long tables, joins, lookups, the account of every row, ``clean``.

The only room that writes `responses.parquet`; nothing is proposed here.
"""
