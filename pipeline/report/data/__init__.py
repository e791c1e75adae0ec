"""What a page reads, loaded once: one unit, the city, and exactly which rows that is.

Nothing is worded or drawn here.
"""
