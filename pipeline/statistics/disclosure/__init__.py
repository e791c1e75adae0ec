"""What must not be shown: small groups and cells, groups that answered alike, what subtraction would reveal.

Suppresses finished tables; who is in a scope is decided in `sample.scopes`.
"""
