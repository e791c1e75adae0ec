"""What identifies a person in a text, and how it is masked: numbers, addresses, names.

Knows no file and no column; what a raw table drops is decided in `pipeline.intake`.
"""
