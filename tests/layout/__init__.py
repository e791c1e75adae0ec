"""What a printed page looks like to a reader, read from the finished PDF: sizes of text, blank room, lonely headings.

Knows PDF files and nothing of how they were made.
"""
