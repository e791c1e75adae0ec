"""Item response: what each item tells of a respondent, and where on the scale it tells nothing."""
