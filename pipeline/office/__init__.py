"""What leaves the house beside the reports: the portal page, a unit's workbook, the result files."""
