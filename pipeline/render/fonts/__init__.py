"""The bundled fonts, and the two scripts that cut them to size.

Nothing here runs when a report is made: `pipeline.render.theme` reads the files.
"""
