"""Speed, growth and memory on this machine, as tables: what counts is the ratios within one run.

python -m benchmarks [--quick] [--write] [--only PART...]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import growth, machine, memory, processes, queues, same_networks, streaming
from benchmarks.table import Table, write

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
PARTS: dict[str, Callable[[bool], Table]] = {
    "networks": same_networks.table,
    "cases": growth.cases_table,
    "pools": growth.pools_table,
    "pending": growth.pending_table,
    "queues": queues.table,
    "processes": processes.table,
    "memory": memory.table,
    "streaming": streaming.table,
}


def main(arguments: list[str] | None = None) -> int:
    """Run the parts asked for, print their tables, and put them into the page if that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the size, to see that it runs")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), metavar="PART", help=", ".join(PARTS))
    options = parser.parse_args(arguments)
    if options.write and (options.quick or options.only):
        parser.error("--write puts a complete run into the page: leave out --quick and --only")
    texts = [machine.words()]
    print(texts[0], flush=True)
    for name in options.only or PARTS:
        texts.append(PARTS[name](options.quick).as_text())
        print(f"\n{texts[-1]}", flush=True)
    if options.write:
        write(PAGE, "\n\n".join(texts))
        print(f"\nWritten into {PAGE.parent.name}/{PAGE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
