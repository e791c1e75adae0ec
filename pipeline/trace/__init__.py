"""From a published number back to the raw rows: ``skm trace``.

A trace picks the number from the result tables and the public files, reads the unit's raw files again, and says
with both in hand how one follows from the other. It is made by its own command, for the office and whoever checks
it; no run makes it and no public page links to it.
"""
