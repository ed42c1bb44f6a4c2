"""``make bench``: figures of the service as ratios to floors and peers of the same run.

    python -m benchmarks [path ...] [--smoke | --full] [--json OUT]

Ends with 1 if a goal of goals.toml is missed. ``--smoke`` is short and allows 15 % for noise;
``--full`` takes a million articles.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
import time
from pathlib import Path

import msgspec

from benchmarks.figures import Figure, judged, table
from benchmarks.paths import FULL, SMOKE, USUAL
from benchmarks.stack import standing

PATHS = (
    "read", "list", "search", "changes", "mobile", "accept", "queue", "worker", "inproc", "memory",
)  # fmt: skip
SMOKE_SLACK = 0.15


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", metavar="path", help=f"of {', '.join(PATHS)}")
    parser.add_argument("--smoke", action="store_true", help="short, 15 %% of slack")
    parser.add_argument("--full", action="store_true", help="a million articles, more rounds")
    parser.add_argument("--json", type=Path, help="write all figures there")
    given = parser.parse_args()
    if unknown := set(given.paths) - set(PATHS):
        parser.error(f"no such path: {', '.join(sorted(unknown))}; there are {', '.join(PATHS)}")
    return given


def main() -> int:
    """Measures, prints, writes; 1 if a goal is missed."""
    given = arguments()
    size = SMOKE if given.smoke else FULL if given.full else USUAL
    figures: list[Figure] = []
    with standing() as stack:
        for name in given.paths or PATHS:
            began = time.monotonic()
            print(f"\n== {name}", flush=True)
            module = importlib.import_module(f"benchmarks.paths.{name}")
            figures += module.run(stack, size)
            print(f"({time.monotonic() - began:.0f} s)", flush=True)
    verdicts = judged(figures, SMOKE_SLACK if given.smoke else 0.0)
    print(f"\n{machine()}\n\n{table(verdicts)}")
    if given.json:
        given.json.write_bytes(msgspec.json.format(msgspec.json.encode(figures)))
    return int(not all(one.is_held for one in verdicts))


def machine() -> str:
    """What it ran on: ratios mean something elsewhere, absolute figures only here."""
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    version = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{version}, {os.cpu_count()} cores, load {load}, {platform.machine()}"


if __name__ == "__main__":
    sys.exit(main())
