"""The wheel, in an empty environment, far from the clone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.full

ROOT = Path(__file__).resolve().parent.parent.parent


def run(*command: str | Path, cwd: Path, **extra) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | extra
    done = subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def test_the_wheel_alone_runs_a_survey_outside_the_clone(tmp_path):
    build = ("-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w")
    run(sys.executable, *build, tmp_path, ROOT, cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "env", cwd=tmp_path)
    binaries = tmp_path / "env" / "bin"
    pip = (binaries / "python", "-m", "pip", "install", "-q")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.lock", cwd=tmp_path)
    run(*pip, "--no-deps", wheel, cwd=tmp_path)
    where = run(binaries / "python", "-c", "import pipeline; print(pipeline.__file__)", cwd=tmp_path)
    assert str(ROOT) not in where
    city = tmp_path / "kota"
    city.mkdir()
    home = tmp_path / "home"
    home.mkdir()
    run(binaries / "skm", "demo", "--small", "--root", city, cwd=city, HOME=str(home))
    out = run(binaries / "skm", "run", "--limit", "2", "--format", "html", cwd=city, HOME=str(home))
    assert "2 reports written" in out
    assert list((city / "reports").rglob("report.html"))
    out = run(binaries / "skm", "trace", "2025", "dinas-kesehatan", "U3", "--json", cwd=city, HOME=str(home))
    assert json.loads(out)["agrees"] is True
    code = "from pipeline.cli.lab import Path, prepared; print(prepared(Path.cwd(), 'en', '2025')[0])"
    assert run(binaries / "python", "-c", code, cwd=city).strip() == str(city / "lab" / "2025-en")
    assert 'survey = \\"2025\\"' in (city / "lab" / "2025-en" / "7-explore.ipynb").read_text(encoding="utf-8")
