"""What sections of unit and city reports share: verdicts on the scale, margins, tables, parts.

No section of its own lives here.
"""
