"""Set-up: the environment is made with a Python that is new enough, or the user is told what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / ".ci" / "make-venv"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="make and sh are not used here")


def make_venv(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script with only the programs in `folder` on PATH."""
    for tool in ("sh", "head"):
        if not (folder / tool).exists():
            (folder / tool).symlink_to(str(shutil.which(tool)))
    return subprocess.run(
        [str(shutil.which("sh")), str(SCRIPT), *arguments],
        env={"PATH": str(folder)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def python(folder: Path, name: str, text: str) -> None:
    """Put a stand-in for a Python on PATH."""
    path = folder / name
    path.write_text(f"#!{shutil.which('sh')}\n{text}\n")
    path.chmod(0o755)


def test_without_any_python_the_message_says_which_is_needed(tmp_path: Path) -> None:
    done = make_venv(tmp_path, "venv")
    assert done.returncode == 1
    assert "3.11 or newer" in done.stderr


def test_an_old_python_is_named_and_passed_over_for_a_newer_one(tmp_path: Path) -> None:
    python(tmp_path, "python3", 'case "$1" in -V) echo "Python 3.9.1";; *) exit 1;; esac')
    done = make_venv(tmp_path, "venv")
    assert done.returncode == 1
    assert "python3 (Python 3.9.1)" in done.stderr
    python(tmp_path, "python3.13", 'case "$1" in -V) echo "Python 3.13.0";; -m) echo made "$@";; esac')
    done = make_venv(tmp_path, "venv")
    assert (done.returncode, done.stdout) == (0, "made -m venv venv\n")
    assert "Making venv with python3.13 (Python 3.13.0)" in done.stderr


def test_a_python_without_venv_is_said_to_lack_it(tmp_path: Path) -> None:
    python(tmp_path, "python3", 'case "$2" in *ensurepip*) exit 1;; esac')
    done = make_venv(tmp_path, "venv")
    assert done.returncode == 1
    assert "python3-venv" in done.stderr


def test_the_python_given_is_the_one_used(tmp_path: Path) -> None:
    done = make_venv(tmp_path, str(tmp_path / "venv"), sys.executable)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "venv" / "bin" / "python").exists()
