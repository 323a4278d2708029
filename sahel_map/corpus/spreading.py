"""How is work spread? Pieces by name go to Dask's workers, a few at a time, and finished ones are passed over.

A piece is a function of the work folder, its own name and its arguments: it writes its files there and returns
a small result. A worker that dies loses nothing but the piece it was at, which another worker makes anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sahel_map.corpus.work import Piece, result_of, write_json
from sahel_map.errors import SahelMapError

AHEAD = 3  # pieces a worker thread is given ahead of time
DEATHS = 3  # workers that may die of one piece before it is given up

Progress = Callable[[str, int, int], None]  # stage, pieces done, pieces in all


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of a stage."""

    name: str
    arguments: tuple[Any, ...]


def spread(
    stage: str,
    piece: Piece,
    jobs: Iterable[Job],
    folder: Path,
    client: Any,
    *,
    total: int = 0,
    progress: Progress | None = None,
) -> Iterator[tuple[Job, dict[str, Any]]]:
    """Do each job once, on the client's workers, or here without a client; (job, result) as they are done.

    Jobs are taken as they are needed, so there may be any number. ``total`` is how many are expected.
    """
    results = _here(stage, piece, jobs, folder) if client is None else _there(stage, piece, jobs, folder, client)
    for done, (job, result) in enumerate(results, 1):
        if progress is not None:
            progress(stage, done, max(done, total))
        yield job, result


def in_order(
    results: Iterable[tuple[Job, dict[str, Any]]], names: Iterator[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name, result) in the order of the names, each as soon as all before it are there."""
    held: dict[str, dict[str, Any]] = {}
    name = next(names, None)
    for job, result in results:
        held[job.name] = result
        while name in held:
            yield name, held.pop(name)
            name = next(names, None)


def told_by(stage: str, folder: Path, names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """What the pieces of a stage that is over told: from disk, one at a time."""
    for name in names:
        told = result_of(folder, stage, name)
        if told is None:
            where = f"{stage}/{name} was finished and is gone from {str(folder)!r}"
            raise CorpusError(f"{where}; give the same command again")
        yield told


def name_of(number: int, turn: str = "") -> str:
    """The name of a piece, in order as text too; a stage that has its turn again names its pieces otherwise."""
    return f"{turn}{number:09d}"


def _here(stage: str, piece: Piece, jobs: Iterable[Job], folder: Path) -> Iterator[tuple[Job, dict[str, Any]]]:
    for job in jobs:
        yield job, _do(piece, str(folder), stage, job.name, job.arguments)


def _there(
    stage: str, piece: Piece, jobs: Iterable[Job], folder: Path, client: Any
) -> Iterator[tuple[Job, dict[str, Any]]]:
    from distributed import as_completed

    room = AHEAD * max(1, sum(client.nthreads().values()))
    group = f"{stage}-{uuid.uuid4().hex}"  # the scheduler remembers something of every group, not of every piece
    running: dict[Any, Job] = {}
    results = as_completed()
    for job in jobs:
        known = result_of(folder, stage, job.name)
        if known is not None:
            yield job, known
            continue
        future = client.submit(
            _do, piece, str(folder), stage, job.name, job.arguments, key=(group, job.name), retries=DEATHS - 1
        )
        running[future.key] = job
        results.add(future)
        if len(running) >= room:
            yield _next(results, running, stage)
    while running:
        yield _next(results, running, stage)


def _next(results: Any, running: dict[Any, Job], stage: str) -> tuple[Job, dict[str, Any]]:
    future = next(results)
    job = running.pop(future.key)
    result = _result(future, stage, job)
    future.release()
    return job, result


def _result(future: Any, stage: str, job: Job) -> dict[str, Any]:
    from distributed.scheduler import KilledWorker

    try:
        result: dict[str, Any] = future.result()
    except KilledWorker as error:
        raise CorpusError(
            f"workers died again and again at {stage} {job.name}: {error}. They may lack memory; give the same "
            "command again with fewer workers on a machine, and what is done is kept"
        ) from error
    return result


def _do(piece: Piece, folder: str, stage: str, name: str, arguments: tuple[Any, ...]) -> dict[str, Any]:
    """Make one piece, unless it is there: two workers may be given the same one when the network is cut."""
    known = result_of(Path(folder), stage, name)
    if known is not None:
        return dict(known)
    result = piece(Path(folder), name, *arguments)
    write_json(Path(folder) / stage / f"{name}.json", result)
    return result


class CorpusError(SahelMapError, RuntimeError):
    """A corpus that cannot be built with these workers."""
