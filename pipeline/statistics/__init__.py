"""Statistics of a satisfaction survey: pure functions, a frame in, a tidy result table out.

Each module offers ``table(answers, by=None, ...)`` for all units at once. They know the
regulations (`pipeline.rules`) and the result shape (`pipeline.results`), nothing else of the
house. Import the module you need; this package imports none of them.
"""
