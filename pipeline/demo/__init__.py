"""A fictitious city to try everything on."""
