"""``python -m sahel_map`` and the ``sahel-map`` script."""

import sys

from sahel_map.cli import main


def run() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(main())


if __name__ == "__main__":
    run()
