"""A replication package, unpacked with an empty home: what it says comes out again, byte by byte.

The libraries are those of this environment instead of the network's; the package itself is installed from the wheel
inside the zip file, far from this repository.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from pipeline.archive import standard, zipped

pytestmark = pytest.mark.full


def skm(root: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments, "--root", str(root)],
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Path:
    """Six units of one year, run."""
    root = tmp_path_factory.mktemp("kota")
    assert skm(root, "demo", "--small").returncode == 0
    done = skm(root, "run", "--quiet")
    assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture(scope="module")
def packed(city) -> Path:
    path = city / "skm.zip"
    done = skm(city, "archive", "--include-microdata", "--check", "--out", str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "does not come out" not in done.stdout
    return path


def unpacked(packed: Path, folder: Path) -> Path:
    """The package in an empty folder, with an environment of its own that borrows the libraries of this one."""
    with zipfile.ZipFile(packed) as file:
        file.extractall(folder)
    (home,) = folder.iterdir()
    subprocess.run([sys.executable, "-m", "venv", home / ".venv"], check=True)
    python = home / ".venv" / "bin" / "python"
    own = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    borrowed = [sysconfig.get_path("purelib"), *(p for p in sys.path if p.endswith("site-packages"))]
    Path(own, "borrowed.pth").write_text("\n".join(dict.fromkeys(borrowed)) + "\n")
    wheel = next((home / "code").glob("*.whl"))
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel], check=True)
    (home / ".venv" / ".ready").touch()
    return home


def make(home: Path, *arguments: str) -> subprocess.CompletedProcess:
    """``make run`` with nothing of this process's environment but the path to the system's programs."""
    nobody = home.parent / "empty-home"
    nobody.mkdir(exist_ok=True)
    env = {"HOME": str(nobody), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    done = subprocess.run(["make", "run", *arguments], cwd=home, env=env, capture_output=True, text=True)
    assert not list(nobody.iterdir()), "something was written into the home of the user"
    return done


def test_an_unpacked_package_gives_every_byte_again_from_tables_answers_and_raw_files(city, packed, tmp_path):
    home = unpacked(packed, tmp_path)
    done = make(home, f"RAW={city / 'data' / 'raw'}")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    told = [line for line in done.stdout.splitlines() if " files are the same bytes" in line]
    assert [line.partition(":")[0] for line in told] == [
        "files of the package", "from the result tables", *["anonymised answers"] * 4, *["raw files"] * 4,
    ]  # fmt: skip
    counts = [line.rpartition(": ")[2].split(" files")[0].split(" of ") for line in told]
    assert [pair for pair in counts if pair[0] != pair[1]] == []
    assert "every byte is the same" in done.stdout
    again = subprocess.run([home / ".venv/bin/python", "-c", "import pipeline; print(pipeline.__file__)"],
                           capture_output=True, text=True, cwd=tmp_path)  # fmt: skip
    assert str(home) in again.stdout, "the package ran, not this repository"

    # A raw file that somebody changed is found before anything is computed from it.
    raw = tmp_path / "raw"
    shutil.copytree(city / "data" / "raw", raw)
    (raw / "2025" / "units.csv").write_text((raw / "2025" / "units.csv").read_text() + "\n")
    changed = make(home, f"RAW={raw}")
    assert changed.returncode != 0
    assert "differs: units.csv" in changed.stdout


def test_two_archives_of_one_run_are_one_file_and_its_pages_are_the_published_ones(city, packed):
    again = city / "again.zip"
    assert skm(city, "archive", "--include-microdata", "--out", str(again)).returncode == 0
    assert zipped.read(again) == zipped.read(packed)
    files = zipped.read(packed)
    plan = json.loads(files["plan.json"])
    for name in plan["from_tables"]:
        published = city / "reports" / "2025" / name.removeprefix("results/")
        assert not name.startswith("results/public") or published.read_bytes() == files[name], name
    assert [p for p in standard.check(files) if p.verdict == standard.FAIL] == []


def test_nothing_that_people_wrote_and_no_place_of_a_row_is_in_the_package(city, packed):
    import pandas as pd

    stored = pd.read_parquet(city / "data" / "processed" / "2025" / "responses.parquet")
    texts = {text.strip() for text in stored["suggestion"].dropna() if len(text.strip()) > 12}
    assert len(texts) > 5
    for name, content in zipped.read(packed).items():
        if not name.endswith((".whl", ".pdf", ".xlsx", ".parquet")):
            said = content.decode("utf-8", "replace")
            assert [text for text in texts if text in said] == [], name
            assert str(city) not in said, name


def test_a_survey_that_was_not_run_or_was_changed_since_is_not_archived(city, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(city, other)
    page = other / "reports" / "2025" / "public" / "overview.html"
    page.write_text(page.read_text() + "<!-- changed -->")
    done = skm(other, "archive", "--out", str(tmp_path / "x.zip"))
    assert done.returncode == 4
    assert "overview.html" in done.stderr
    assert not (tmp_path / "x.zip").exists()
