"""From an executed notebook of blocks to HTML and PDF."""
