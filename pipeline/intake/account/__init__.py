"""The account of what was read: ledger, frame schemas, and the sentences about what was lost or dropped.

Decides nothing about rows; it is told by `rows` what happened to them.
"""
