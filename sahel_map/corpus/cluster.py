"""Who does the work? A scheduler that is there already, or workers of one's own, one a core."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sahel_map.errors import InputError

# what Dask measures of itself many times a second, which pieces of some seconds do not need
_QUIET = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
    "distributed.admin.system-monitor.interval": "5s",
}


@contextmanager
def workers(scheduler: str = "", count: int | None = None) -> Iterator[Any]:
    """A client of the scheduler at that address, or of workers on this machine, one a core."""
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise InputError('building on Dask needs its extra: pip install "sahel-map[dask]"') from error
    if scheduler:
        try:
            client = Client(scheduler, timeout="5s")
        except (OSError, ValueError) as error:
            raise InputError(
                f"no Dask scheduler answers at {scheduler!r} ({error}); wanted e.g. tcp://host:8786"
            ) from error
        with client:
            yield client
        return
    with dask.config.set(_QUIET):
        cluster = LocalCluster(
            n_workers=count or os.cpu_count() or 1,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            host="127.0.0.1",
        )
        with cluster, Client(cluster) as client:
            yield client
