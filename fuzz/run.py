"""Fuzz one reader, or each in turn, with atheris (pip install atheris): guided by which branches an input reaches.

    python fuzz/run.py [TARGET ...] [--seconds 60]

A crash is written into build/fuzz/TARGET; make it a case of a test, then mend it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "build" / "fuzz"


def main() -> int:
    """Each target in a process of its own; 1 when one crashed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return fuzz(options.child, options.seconds)
    sys.path.insert(0, str(Path(__file__).parent))
    from targets import TARGETS

    failed = 0
    for name in options.targets or TARGETS:
        done = subprocess.run(
            [sys.executable, __file__, "--child", name, "--seconds", str(options.seconds)],
            capture_output=True,
            text=True,
            check=False,
        )
        told = [line for line in done.stderr.splitlines() if line.startswith(("Done ", "stat::number_of_executed"))]
        print(f"{name:12} {'; '.join(told) or done.stderr[-2000:]}", flush=True)
        failed += done.returncode != 0
    return int(failed > 0)


def fuzz(name: str, seconds: int) -> int:
    """Fuzz one target in this process."""
    import atheris

    sys.path.insert(0, str(Path(__file__).parent))
    with atheris.instrument_imports(include=["sahel_map"]):
        from targets import TARGETS

    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={seconds}",
            "-max_len=4096",
            f"-artifact_prefix={folder}/",
            "-print_final_stats=1",
        ],
        TARGETS[name],
    )
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
