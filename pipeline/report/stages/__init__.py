"""What the stage notebooks 1 to 4 show beside their tables.

The reports are in `unit` and `city`.
"""
