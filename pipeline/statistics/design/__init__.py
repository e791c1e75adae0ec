"""What the way of collecting answers does to an index: register margins, clusters, modes.

Nothing here replaces the official index: each figure stands beside it and says what it allows for.
"""
