"""The documentation as a site: `make docs` builds it, and it is read without a network."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE / "_ext")]

from pipeline import __version__  # noqa: E402  (the path is set above)

project = "skm-pipeline"
author = project
project_copyright = ""
version = release = __version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc", "generated", "mathml", "outside"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
root_doc = "index"
exclude_patterns = ["_ext", "_build"]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 4

autodoc_typehints = "none"  # numpydoc's sections say the types in words
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
numpydoc_xref_param_type = False
toc_object_entries = False

html_theme = "furo"
html_title = "skm-pipeline"
html_math_renderer = "mathml"
html_show_sourcelink = False
html_copy_source = False
html_last_updated_fmt = None
html_permalinks = True
pygments_style = "default"


def setup(app: object) -> None:
    """Pygments has no lexer for CSV: it is shown as it is."""
    from pygments.lexers.special import TextLexer

    app.add_lexer("csv", TextLexer)  # type: ignore[attr-defined]
