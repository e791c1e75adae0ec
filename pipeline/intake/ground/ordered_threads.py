"""Several files at a time, results in order, and never more in memory than is worked on."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

#: Less than this is read quicker than threads are started.
WORTH_IT = 20_000_000


def ordered(work: Callable[[T], R], jobs: Sequence[T], files: Sequence[Path]) -> Iterator[R]:
    """Yield ``work`` of every job, in order.

    Threads, not processes: parsing, sorting and counting run outside the interpreter's lock, and
    nothing has to be copied from one process to another.

    Parameters
    ----------
    work : callable
    jobs : sequence
    files : sequence of Path
        The files behind the jobs; large ones are worked on side by side.
    """
    threads = min(os.cpu_count() or 1, len(jobs))
    if threads < 2 or sum(path.stat().st_size for path in files if path.is_file()) < WORTH_IT:
        yield from map(work, jobs)
        return
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for job in jobs:
            waiting.append(pool.submit(work, job))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
