"""How people lay out sheets: several tables, merged cells, titles, two header rows, rows of sums.

Finds the parts of a sheet; what their columns are is said in `columns`.
"""
