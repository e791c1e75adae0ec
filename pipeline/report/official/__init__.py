"""What official reports have beside the sections of a unit's report: chapters that evaluators look for.

The notebooks ``5-unit-report-2021``, ``-2025`` and ``-research`` put them in order. Each is a function of an
opened report; numbers come from the rows that the other sections read, sentences from the same verdicts, and
what only the office can say from its definition, its texts and its photos. What is not given is left out.
"""

from pipeline.report.official.annex import answers, photos, processing, questionnaire
from pipeline.report.official.closing import closing, conclusion, signature, suggestions
from pipeline.report.official.cover import contents, cover, foreword, short
from pipeline.report.official.fieldwork import method, place, schedule, team
from pipeline.report.official.findings import follow_up, index, respondents, services, strengths, trend
from pipeline.report.official.introduction import background, legal_basis, purpose
from pipeline.report.official.previous import previous
from pipeline.report.official.research import abstract, limits, methods, references, result
from pipeline.report.official.sample import sample

__all__ = [
    "abstract", "answers", "background", "closing", "conclusion", "contents", "cover", "follow_up", "foreword", "index",
    "legal_basis", "limits", "method", "methods", "photos", "place", "previous", "processing", "purpose",
    "questionnaire", "references", "respondents", "result", "sample", "schedule", "services", "short", "signature",
    "strengths", "suggestions", "team", "trend",
]  # fmt: skip
