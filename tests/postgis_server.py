"""A real PostGIS of the tests' own: a server in a temporary folder, on a socket in it, gone when the tests end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_QUICK = ("listen_addresses=", "fsync=off", "shared_buffers=16MB", "max_connections=20", "autovacuum=off")


def programs() -> Path | None:
    """The folder of the newest PostgreSQL here that has PostGIS; None where there is none."""
    found = [
        folder for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if Path(f"/usr/share/postgresql/{folder.parent.name}/extension/postgis.control").is_file()
    ]  # fmt: skip
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


class Server:
    """One PostgreSQL server; ``url(name)`` makes an empty database."""

    def __init__(self, folder: Path, binaries: Path) -> None:
        self.folder, self.binaries, self._count = folder, binaries, 0
        # PostgreSQL refuses to run as root
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user)
        self._run(
            "initdb",
            "--pgdata",
            f"{folder}/data",
            "--username",
            "tester",
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
            "--no-sync",
        )

    def start(self) -> None:
        options = " ".join(f"-c {setting}" for setting in (*_QUICK, f"unix_socket_directories={self.folder}"))
        self._run(
            "pg_ctl",
            "--pgdata",
            f"{self.folder}/data",
            "--log",
            f"{self.folder}/log",
            "--wait",
            "--options",
            options,
            "start",
        )

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "--pgdata", f"{self.folder}/data", "--wait", "--mode", mode, "stop")

    def url(self, database: str, user: str = "tester") -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """The URL of an empty database."""
        self._count += 1
        self.sql("postgres", f"CREATE DATABASE test{self._count}")
        return self.url(f"test{self._count}")

    def sql(self, database: str, text: str) -> str:
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(text)
            return str(cursor.fetchall()) if cursor.description else ""

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.binaries / program), *arguments], user=self._user, cwd=self.folder, text=True, check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL, env={"LANG": "C.UTF-8", "PATH": os.environ["PATH"]},
        )  # fmt: skip
        if done.returncode:
            log = self.folder / "log"
            raise RuntimeError(f"{program}: {done.stderr or ''} {log.read_text() if log.is_file() else ''}")


@contextmanager
def running() -> Iterator[Server]:
    """A server started for the tests and stopped after them, its folder removed."""
    binaries = programs()
    assert binaries is not None
    folder = Path(tempfile.mkdtemp(prefix="sahel-map-pg-"))  # short: a socket's path may have no more than 107 bytes
    try:
        server = Server(folder, binaries)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
