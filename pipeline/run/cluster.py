"""Workers of a Dask cluster; the only module that imports Dask, and only when one is asked for."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from typing import Any

from pipeline.survey import SurveyError

from .cluster_address import TLS, Cluster
from .execute import KernelDied
from .files import EnvironmentFault

#: How often a report is tried again after a fault that is not its notebook's.
RETRIES = 2
CONNECT = 20.0
LOOK_EVERY = 10.0


class Workers:
    """The workers behind one scheduler, as an executor."""

    def __init__(self, client: Any, cluster: Cluster) -> None:
        self._client, self._cluster = client, cluster
        self.pool: Executor = client.get_executor(retries=RETRIES, pure=False)
        self._threads = self._most = 0
        self._had_some = time.monotonic()
        self._looked = self._had_some - LOOK_EVERY  # look at once

    def room(self) -> int:
        """Twice what they can do at once, so that nobody waits for the driver."""
        return 2 * self._threads + 8

    def check(self) -> None:
        """Look after scheduler and workers now and then.

        Raises
        ------
        EnvironmentFault
            When the scheduler is gone, or no worker was there for longer than agreed.
        """
        if self._client.status != "running":
            raise self._gone()
        now = time.monotonic()
        if now - self._looked < LOOK_EVERY:
            return
        try:
            threads = self._client.sync(self._client.scheduler.ncores, workers=None, callback_timeout=60)
        except (OSError, TimeoutError) as error:
            raise self._gone() from error
        self._looked = now
        self._threads = sum(threads.values())
        self._most = max(self._most, len(threads))
        if self._threads:
            self._had_some = now
        elif now - self._had_some > self._cluster.wait:
            raise EnvironmentFault(
                f"no worker has joined {self._cluster.address} for {self._cluster.wait:.0f} s; start some "
                "(docs/cluster.md), then run again: what was written stays"
            )

    def explained(self, error: BaseException) -> BaseException:
        """Dask's errors in the words of this house."""
        if isinstance(error, CancelledError):
            return self._gone()
        if type(error).__name__ == "KilledWorker":
            return KernelDied("the workers that ran it ended again and again")
        return error

    def about(self) -> Mapping[str, object]:
        """For the log of the run: how many workers, never where."""
        return {"executor": "dask", "workers": self._most}

    def _gone(self) -> EnvironmentFault:
        return EnvironmentFault(
            f"the scheduler at {self._cluster.address} is gone; start it again and run again: what was written "
            "stays, the next run does the rest"
        )


@contextmanager
def connected(cluster: Cluster) -> Iterator[Workers]:
    """Connect to a scheduler.

    Raises
    ------
    EnvironmentFault
        When the extra is not installed, or no scheduler answers.
    SurveyError
        When TLS is asked for and there are no certificates.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise EnvironmentFault(
            f"clusters need the optional packages ({error}): pip install 'skm-pipeline[cluster]'"
        ) from error
    _silence()
    try:
        client = Client(
            cluster.address,
            security=_security(cluster),
            timeout=CONNECT,
            set_as_default=False,
            name="skm",
        )
    except (OSError, TimeoutError, ValueError) as error:
        raise EnvironmentFault(
            f"no scheduler answers at {cluster.address} ({type(error).__name__}); is it running, can this machine "
            "reach it, and were all certificates made by the same authority?"
        ) from error
    workers = Workers(client, cluster)
    try:
        yield workers
    finally:
        with contextlib.suppress(Exception):
            workers.pool.shutdown(wait=False)
        with contextlib.suppress(Exception):
            client.close(timeout=5)


def _silence() -> None:
    """What Dask's many loggers say about lost connections, this module says once and in words."""
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if name.split(".")[0] in ("distributed", "tornado") and isinstance(logger, logging.Logger):
            logger.setLevel(logging.CRITICAL + 1)


def _security(cluster: Cluster) -> Any:
    """Certificates from options or environment, else from Dask's own configuration."""
    from distributed.security import Security

    if not cluster.encrypted:
        return None
    given = {
        "tls_ca_file": cluster.ca,
        "tls_client_cert": cluster.certificate,
        "tls_client_key": cluster.key,
    }
    found = Security(require_encryption=True, **{name: path for name, path in given.items() if path})
    missing = [
        f"{option} (or {variable})"
        for field, (option, variable) in zip(given, TLS.values(), strict=True)
        if not getattr(found, field)
    ]
    if missing:
        raise SurveyError(f"{cluster.address} needs certificates: {', '.join(missing)}; see docs/cluster.md")
    return found
