"""Which kind of kernel a run uses, decided when the first one is needed."""

from __future__ import annotations

import threading

from pipeline.survey import Survey

from . import large


class KernelChoice:
    """``warm`` where this machine can, else ``fresh`` with a word about it.

    Parameters
    ----------
    wanted : {"warm", "fresh"}
    survey : Survey, optional
        What its kernels will work on: the warm parent reads its definition for all of them.
    """

    def __init__(self, wanted: str, survey: Survey | None = None) -> None:
        self.wanted = wanted
        self.survey = survey
        self.note = ""
        self._mode = ""
        self._lock = threading.Lock()

    def mode(self) -> str:
        """The kind of kernel; starts the warm parent the first time."""
        with self._lock:
            if not self._mode:
                self._mode = self._decide()
            return self._mode

    def _decide(self) -> str:
        if self.wanted != "warm":
            return self.wanted
        from .kernels import (  # late: it imports jupyter_client, when a kernel is needed
            WARM,
            warm_is_possible,
        )

        if not warm_is_possible():
            self.note = "warm kernels need Linux; fresh kernels are used here, which takes longer"
            return "fresh"
        if self.survey is not None:
            WARM.expect(self.survey.root, self.survey.name, large.environment(self.survey))
        try:
            _ = WARM.path
        except (RuntimeError, OSError) as error:
            self.note = f"fresh kernels are used, which takes longer ({error})"
            return "fresh"
        return "warm"

    def stop(self) -> None:
        """End the warm parent if this choice started it."""
        if self._mode == "warm":
            from .kernels import WARM  # late: as above

            WARM.stop()
