"""Speed and memory of the engine on this machine: every line is a ratio of two things measured in this run.

python -m benchmarks [--quick]
"""

from __future__ import annotations

import argparse
import platform
import sys

from benchmarks import bare_simpy, long_queue, memory


def main() -> int:
    """Run all benchmarks and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a tenth of the size, to see that all of it runs"
    )
    quick = parser.parse_args().quick
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    for line in (*bare_simpy.report(quick), *long_queue.report(quick), *memory.report(quick)):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
