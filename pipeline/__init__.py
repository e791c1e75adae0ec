"""skm-pipeline: from a city's raw satisfaction answers to a defensible index and a report per unit."""

__version__ = "1.0.0"
#: Languages of every text that a reader sees; the regulation's own first.
LANGUAGES = ("id", "en")
