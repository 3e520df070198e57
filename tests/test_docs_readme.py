"""README and the project's own files: every command runs, every name exists, versions and locks agree."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from sim import __version__
from sim.scenario.positions import parse
from tests.command_line import CommandLine

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def blocks(language: str) -> list[str]:
    """Return the README's fenced code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    """Return the arguments of every command of the README, in order."""
    lines = [line[2:] for block in blocks("console") for line in block.splitlines() if line.startswith("$ ")]
    return [shlex.split(line)[1:] for line in lines if line.startswith("reform-replay ")]


def pinned(name: str) -> dict[str, str]:
    """Return package -> version of a lock file."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", text, re.MULTILINE))


@pytest.mark.slow
def test_every_command_and_program_of_the_readme_runs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order, in one folder; replays with one replication and few draws, to save time."""
    monkeypatch.chdir(tmp_path)
    run = CommandLine(capsys)
    found = commands()
    wanted = {"new", "validate", "show", "run", "sweep", "staff", "results", "sql", "list", "replay", "trace"}
    assert wanted | {"claims"} == {arguments[0] for arguments in found}
    kept_parquet = False
    for arguments in found:
        if arguments[0] == "replay":
            arguments += ["--reps", "1", "--jobs", "1", "--draws", "16", "--attribution", "none"]
        if arguments[0] in ("run", "sweep", "staff"):
            arguments += ["--jobs", "1"]
        outcome = run(*arguments)
        assert outcome.status == 0, (arguments, outcome.err)
        assert outcome.out
        if arguments[0] == "run" and "--csv" not in arguments and not kept_parquet and "--out" in arguments:
            kept_parquet = True
            for program in blocks("python"):
                exec(compile(program, "README.md", "exec"), {})
                assert "served_seconds_sum" in capsys.readouterr().out
    assert kept_parquet


def test_every_make_target_and_file_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    named = set(re.findall(r"^\s+make ([a-z-]+)|`make ([a-z-]+)", README, re.MULTILINE))
    assert {one or other for one, other in named} <= targets
    for name in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"-r ([\w.-]+)", README):
        assert (ROOT / name).is_file(), name


def test_help_of_make_names_only_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    shown = set(re.findall(r'@echo "make ([a-z-]+)', MAKEFILE))
    assert shown <= targets
    phony = MAKEFILE.partition(".PHONY:")[2].splitlines()[0].split()
    assert targets - {"help"} <= shown | {"lint", "types", "tests"}
    assert set(phony) == targets


def test_one_version_everywhere() -> None:
    assert PROJECT["project"]["version"] == __version__
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_locks_pin_every_dependency_with_hashes_and_name_no_host() -> None:
    def names(requirements: list[str]) -> set[str]:
        return {
            re.split(r"[<>=~!;\[ ]", one)[0].lower().replace(".", "-").replace("_", "-")
            for one in requirements
        }

    locks = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock")
    run, dev, bench = (pinned(name) for name in locks)
    extras = {
        extra: names(wanted) - {"reform-replay"}
        for extra, wanted in PROJECT["project"]["optional-dependencies"].items()
    }
    assert names(PROJECT["project"]["dependencies"]) <= run.keys()
    assert extras["dev"] | extras["cluster"] <= dev.keys()
    assert extras["dev"] | extras["cluster"] | extras["benchmarks"] <= bench.keys()
    assert run.items() <= dev.items()
    for name in locks:
        text = (ROOT / name).read_text(encoding="utf-8")
        entries = re.split(r"\n(?=[a-z0-9])", text)[1:]
        assert all("--hash=sha256:" in entry for entry in entries)
        assert "://" not in text


def test_the_replay_that_the_readme_prints_shows_documented_figures_as_the_scenarios_state_them() -> None:
    (shown,) = blocks("text")
    name = shown.split(" - ")[0]
    tree = parse((ROOT / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8"), name)
    claims = {str(claim["claim"]): claim for claim in tree["claims"]}
    found = re.search(
        r"^  (\S+) - .*\n(?:.*\n)*?    before +(\S+) .*\n    after +(?:at most |about )?(\S+) ", shown, re.M
    )
    assert found is not None
    claim = claims[found[1]]
    assert (float(found[2]), float(found[3])) == (float(claim["before"]), float(claim["after"]))
