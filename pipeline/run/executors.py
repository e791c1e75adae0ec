"""Where reports are made: threads around kernels here, or workers of a cluster.

Both are a :class:`concurrent.futures.Executor`. Nothing of Dask is imported unless a cluster
is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol

from .cluster_address import LOCAL, Cluster


class Team(Protocol):
    """Those who make reports.

    Attributes
    ----------
    pool : Executor
    """

    pool: Executor

    def room(self) -> int:
        """How many reports to have under way at once."""

    def check(self) -> None:
        """Raise when nobody can be expected to finish anything any more."""

    def explained(self, error: BaseException) -> BaseException:
        """An error of the executor in words; any other as it is."""

    def about(self) -> Mapping[str, object]:
        """What the log of a run says of it: no names, no addresses."""


class _Threads:
    def __init__(self, jobs: int) -> None:
        self.pool: Executor = ThreadPoolExecutor(max_workers=max(jobs, 1))
        self._jobs = max(jobs, 1)

    def room(self) -> int:
        return self._jobs * 2

    def check(self) -> None:
        """Threads do not get lost."""

    def explained(self, error: BaseException) -> BaseException:
        return error

    def about(self) -> Mapping[str, object]:
        return {"executor": LOCAL, "jobs": self._jobs}


@contextmanager
def team(cluster: Cluster | None, jobs: int) -> Iterator[Team]:
    """Open the executor; on the way out nothing is waited for that nobody will read."""
    if cluster is None:
        threads = _Threads(jobs)
        try:
            yield threads
        finally:
            threads.pool.shutdown(cancel_futures=True)
        return
    from .cluster import connected  # late: it imports Dask, which is installed only where a cluster is used

    with connected(cluster) as workers:
        yield workers
