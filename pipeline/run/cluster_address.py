"""Where a cluster's scheduler is and how to speak to it, as ``--executor`` and its options say."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
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
