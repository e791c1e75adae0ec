"""Running notebooks: kernels, papermill, the plan of a survey, what it wrote.

This package treats notebooks as files. It knows the survey's folder layout and nothing
about what the notebooks compute.
"""
