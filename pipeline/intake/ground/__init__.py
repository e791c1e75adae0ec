"""What every part of the intake stands on: problems, reasons, columns of text as codes, work on distinct texts.

Knows nothing of files, questionnaires or surveys' columns.
"""
