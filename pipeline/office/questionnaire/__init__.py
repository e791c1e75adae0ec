"""The questionnaire that a definition describes, and the forms it is filled into.

Paper, a workbook to key into, an XLSForm for phones, an outline for Google Forms: all are drawn from one
`build.Form`. What is entered in them the intake reads without being told anything; it is not imported here.
"""
