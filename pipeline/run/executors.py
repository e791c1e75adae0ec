"""Where reports are made: threads around kernels here, or workers of a cluster.

Both are a :class:`concurrent.futures.Executor`. Nothing of Dask is imported unless a cluster
is asked for.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from pipeline.survey import SurveyError

LOCAL = "local"
#: Variables that hold the paths of certificates, and the command line's names for them.
TLS = {
    "ca": ("--tls-ca", "SKM_TLS_CA"),
    "certificate": ("--tls-cert", "SKM_TLS_CERT"),
    "key": ("--tls-key", "SKM_TLS_KEY"),
}


@dataclass(frozen=True)
class Cluster:
    """A Dask scheduler and how to speak to it.

    Attributes
    ----------
    address : str
        ``tls://host:port`` or ``tcp://host:port``.
    ca, certificate, key : str
        PEM files; empty leaves them to Dask's own configuration.
    wait : float
        Seconds to wait for a worker when there is none.
    """

    address: str
    ca: str = ""
    certificate: str = ""
    key: str = ""
    wait: float = 600.0

    @property
    def encrypted(self) -> bool:
        """Whether both sides prove who they are and nobody reads along."""
        return self.address.startswith("tls://")


def parse(
    text: str,
    *,
    ca: str = "",
    certificate: str = "",
    key: str = "",
    insecure: bool = False,
    wait: float = 600.0,
) -> Cluster | None:
    """What ``--executor`` asks for; None is this machine.

    A scheduler runs whatever it is sent, so plain TCP is taken only on the machine itself,
    or when the caller says that the network is trusted.

    Examples
    --------
    >>> parse("local")
    >>> parse("dask+tls://head:8786").address
    'tls://head:8786'
    """
    if text == LOCAL:
        return None
    found = urlsplit(text)
    try:
        port = found.port
    except ValueError:
        port = None
    if (
        found.scheme not in ("dask+tls", "dask+tcp")
        or not found.hostname
        or not port
        or found.path.strip("/")
    ):
        raise SurveyError(
            f'there is no executor "{text}"\n  hint: "local", or the address of a scheduler: dask+tls://host:8786'
        )
    transport = found.scheme.removeprefix("dask+")
    if transport == "tcp" and not insecure and not _this_machine(found.hostname):
        raise SurveyError(
            f"{text}: without TLS whoever reaches a scheduler can run programs on every worker\n"
            "  hint: dask+tls:// with certificates (docs/cluster.md), or --insecure-tcp on a network nobody else is in"
        )
    for name, path in {"ca": ca, "certificate": certificate, "key": key}.items():
        if path and not Path(path).is_file():
            raise SurveyError(f"{TLS[name][0]}: there is no file {path}")
    host = f"[{found.hostname}]" if ":" in found.hostname else found.hostname
    return Cluster(f"{transport}://{host}:{port}", ca, certificate, key, wait)


def _this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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
    from .cluster import connected

    with connected(cluster) as workers:
        yield workers
