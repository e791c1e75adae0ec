"""A reader with a computer: what can be solved from the published tables about whom they do not show."""
