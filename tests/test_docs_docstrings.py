"""Docstrings: their examples are true, and every module says its one job."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import sim

MODULES = {module.name: module.ispkg for module in pkgutil.walk_packages(sim.__path__, "sim.")}


def test_examples_in_docstrings_give_what_they_show() -> None:
    tried = 0
    for name in MODULES:
        outcome = doctest.testmod(importlib.import_module(name))
        assert outcome.failed == 0, name
        tried += outcome.attempted
    assert tried > 0


def test_every_module_says_its_one_job() -> None:
    docs = {
        name: importlib.import_module(name).__doc__ or "" for name, package in MODULES.items() if not package
    }
    silent = [
        name for name, doc in docs.items() if not doc.split("\n\n")[0].rstrip().endswith((".", "?", ":"))
    ]
    assert silent == []
