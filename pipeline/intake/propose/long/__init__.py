"""A proposal from an export of a database: one row an answer, keys into other tables.

Finds and names the tables; the words of the proposal are in `write_long`.
"""
