"""A real Dask scheduler and real workers on loopback, with certificates made for the occasion."""

from __future__ import annotations

import contextlib
import datetime
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path


def certificates(folder: Path) -> dict[str, Path]:
    """An authority, and a certificate and key it signed; paths of the PEM files."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.datetime.now(datetime.UTC)

    def certificate(name, key, issuer, issuer_key, authority):
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .sign(issuer_key, hashes.SHA256())
        )

    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = certificate("uji", root_key, "uji", root_key, True)
    ours = certificate("kerja", key, "uji", root_key, False)
    paths = {name: folder / f"{name}.pem" for name in ("ca", "cert", "key")}
    paths["ca"].write_bytes(root.public_bytes(serialization.Encoding.PEM))
    paths["cert"].write_bytes(ours.public_bytes(serialization.Encoding.PEM))
    paths["key"].touch(mode=0o600)
    paths["key"].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


class Cluster:
    """Processes of one cluster."""

    def __init__(self, folder: Path, paths: dict[str, Path] | None) -> None:
        self.folder, self.paths = folder, paths
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        transport = "tls" if paths else "tcp"
        self.address = f"dask+{transport}://127.0.0.1:{self.port}"
        self._inner = f"{transport}://127.0.0.1:{self.port}"
        self.scheduler = self._start(
            "scheduler", "--host", f"{transport}://127.0.0.1", "--port", str(self.port), "--no-dashboard"
        )
        self.workers: list[subprocess.Popen] = []

    def _start(self, *words: str) -> subprocess.Popen:
        tls = []
        if self.paths:
            tls = [
                "--tls-ca-file",
                self.paths["ca"],
                "--tls-cert",
                self.paths["cert"],
                "--tls-key",
                self.paths["key"],
            ]
        log = (self.folder / f"{words[0]}.log").open("ab")
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:], *map(str, tls)],
            stdout=log, stderr=log, cwd=self.folder, start_new_session=True,
            env={**os.environ, "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "warning"},
        )  # fmt: skip

    def worker(self) -> subprocess.Popen:
        """Start one worker of one thread, without a nanny that would bring it back."""
        process = self._start(
            "worker", self._inner, "--no-nanny", "--nthreads", "1", "--memory-limit", "0", "--no-dashboard",
            "--local-directory", str(self.folder),
        )  # fmt: skip
        self.workers.append(process)
        return process

    def options(self) -> list[str]:
        """What the command line needs to reach it."""
        if not self.paths:
            return ["--executor", self.address]
        named = (("--tls-ca", "ca"), ("--tls-cert", "cert"), ("--tls-key", "key"))
        return ["--executor", self.address, *(w for o, n in named for w in (o, str(self.paths[n])))]

    def stop(self) -> None:
        """End every process of it."""
        for process in [*self.workers, self.scheduler]:
            with contextlib.suppress(OSError):
                process.send_signal(signal.SIGKILL)
            process.wait()


@contextlib.contextmanager
def cluster(folder: Path, workers: int = 2, *, tls: bool = True) -> Iterator[Cluster]:
    """A scheduler and so many workers; everything ends with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Cluster(folder, certificates(folder / "tls") if tls else None)
    try:
        for _ in range(workers):
            made.worker()
        yield made
    finally:
        made.stop()


def wait_until(condition, seconds: float = 120.0) -> bool:
    """Ask a few times a second."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.2)):
        if condition():
            return True
        pause.wait(0.2)
    return False
