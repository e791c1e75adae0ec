"""One report to make, said so completely that another machine can make it.

Whoever runs the survey (the driver) writes every file and keeps the ledger; whoever makes a
report only returns bytes. So a report that a dying machine made twice is written once, and
one that comes too late is written by nobody.
"""

from __future__ import annotations

import platform
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import survey as surveys
from pipeline.survey import Survey
from pipeline.survey.written import FOLDERS as WRITTEN

from . import arithmetic, fingerprints
from .files import EnvironmentFault
from .hashes import Hashes, of_json
from .plan import CITY, TOLD, Options, Subject, notebook_folder, notebook_of
from .rendering import Renderer

#: Seconds that files of a shared file system may take to show: attribute caches of NFS hold a minute.
PATIENCE = 90.0


class WorkerDiffers(EnvironmentFault):
    """A machine would not make the same report: other code, libraries, notebooks or data."""


@dataclass(frozen=True)
class Job:
    """One report.

    Attributes
    ----------
    root, survey : str
        Folder and name of the survey; every machine sees the folder under the same path.
    unit : mapping, NamedSet or None
        The unit, or the set of an overview; None is the city's overview.
    stems : list of (language, file stem)
    folder : str
        Where its pages go, below ``reports/<survey>``.
    options : Options
        Without what only the driver needs.
    same : mapping
        What has to be the same where the report is made: name to hash.
    tables : mapping
        Hash of every table, by its name in ``data/processed/<survey>``.
    reported : tuple of str
        Pages of units that there are, below ``reports/<survey>/public``.
    """

    root: str
    survey: str
    unit: Subject
    stems: list[tuple[str, str]]
    folder: str
    options: Options
    same: Mapping[str, str]
    tables: Mapping[str, str]
    reported: tuple[str, ...] = ()


@dataclass
class Made:
    """A report as bytes, or why there is none.

    Attributes
    ----------
    files : list of (name, bytes)
        Names below ``reports/<survey>``.
    seconds : dict of str to float
    retried : list of str
        What ran in a second kernel because the first one died.
    note : str
        Something about kernels a person should hear.
    error : BaseException or None
        A failure that trying again would only repeat.
    """

    files: list[tuple[str, bytes]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    retried: list[str] = field(default_factory=list)
    note: str = ""
    error: BaseException | None = None


def about(survey: Survey, notebooks: Path, name: str) -> dict[str, str]:
    """What must be the same on two machines for them to make the same report."""
    return {
        "package": fingerprints.package_hash(),
        "versions of libraries": of_json(fingerprints.versions()),
        "platform": fingerprints.platform_name(),
        "arithmetic": of_json(arithmetic.settings()),
        "definition": survey.digest,
        **{
            f"notebook {one}": fingerprints.notebook_hash(notebooks / f"{one}.ipynb")
            for one in (TOLD if name == CITY else (name,))
        },
        "texts and photos": of_json(Hashes(survey.root).tree(*(survey.raw / name for name in WRITTEN))),
    }


def make(job: Job) -> Made:
    """Make a report where this is called: a worker of a cluster.

    Raises
    ------
    WorkerDiffers
        When this machine has other code, or does not see the driver's files.
    Exception
        What trying again may mend; a failing notebook is no exception but ``Made.error``.
    """
    from .execute import KernelDied, NotebookError  # late: it imports nbformat, which a question needs not

    arithmetic.pin()  # kernels of this machine; whoever started its worker knew nothing of it
    survey = _survey(job)
    renderer = Renderer(survey, job.options, notebook_folder(job.options.notebooks))
    made = Made(seconds=renderer.seconds, retried=renderer.retried)
    try:
        made.files = renderer.files(job.unit, job.stems, survey.reports / job.folder, job.reported)
    except (NotebookError, KernelDied) as error:
        made.error = error
    made.note = renderer.kernels.note
    return made


def _survey(job: Job) -> Survey:
    """The survey as the driver sees it; waits a little for a slow file system."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with _one_at_a_time:  # each table is hashed once a process, not once a thread
            survey, different = _look(job)
        if survey is not None and not different:
            return survey
        if different in _NEVER_MENDED or time.monotonic() > deadline:
            raise WorkerDiffers(_sentence(different, job))
        threading.Event().wait(1.0)


_NEVER_MENDED = ("package", "versions of libraries", "platform", "arithmetic")
_surveys: dict[tuple[str, str], Survey] = {}
_hashes: dict[str, Hashes] = {}
_one_at_a_time = threading.Lock()


def _look(job: Job) -> tuple[Survey | None, str]:
    """The survey, and the first thing that is not the same here (empty when all is)."""
    key = (job.root, job.survey)
    hashes = _hashes.setdefault(job.root, Hashes(Path(job.root)))
    try:
        if key not in _surveys or _surveys[key].digest != job.same["definition"]:
            _surveys[key] = surveys.load(Path(job.root), job.survey)
        survey = _surveys[key]
        name = notebook_of(job.unit, survey.definition.template)
        here = about(survey, notebook_folder(job.options.notebooks), name)
        different = [name for name, value in job.same.items() if here.get(name) != value]
        for name, value in job.tables.items() if not different else ():
            if hashes.digest(hashes.name(survey.processed / name)) != value:
                hashes.forget()
                different = [f"data/processed/{job.survey}/{name}"]
                break
    except (OSError, ValueError, surveys.SurveyError) as error:
        return None, str(error)
    return survey, different[0] if different else ""


def _sentence(what: str, job: Job) -> str:
    host = platform.node() or "a worker"
    if what in _NEVER_MENDED:
        return (
            f"{host} would not make the same reports: its {what} is not that of the machine that runs the survey; "
            "install the same package from the same lock there"
        )
    return (
        f"{host} does not see the same files ({what}); {job.root} has to lie on a file system that "
        "every machine sees under this path"
    )
