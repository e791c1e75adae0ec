"""Pages for the office that no notebook makes: a command writes them under ``internal/``.

What a page says comes from the tables and the definition; nothing is computed here, and nothing public is made.
"""
