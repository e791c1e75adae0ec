"""What leaves the house beside the reports: the portal page, a unit's workbook, the result files.

Picks from result tables and standings; computes no statistic and draws no page of a report.
"""
