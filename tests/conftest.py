"""What every test may count on: no network, no gazetteer but the shipped one, and the shared data if it is there."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgis_server import Server, programs, running

CHECKOUT = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.0.0.1", "::1", "localhost")

# before anything of sahel_map is imported, and inherited by the processes that tests start:
# a gazetteer of this machine's user must not change what a test finds
os.environ.pop("SAHEL_MAP_GAZETTEER", None)
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="sahel-map-tests-")


class NetworkUsedError(AssertionError):
    """A test reached for the network."""


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection; tests marked browser or loopback may talk to this machine."""
    local = any(request.node.get_closest_marker(name) for name in ("browser", "loopback"))
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def allowed(address: object) -> bool:
        host = address[0] if isinstance(address, tuple) else address
        return local and (not isinstance(address, tuple) or host in LOOPBACK)

    def guarded_connect(self: socket.socket, address: object) -> None:
        if not allowed(address):
            raise NetworkUsedError(f"a test tried to connect to {address!r}")
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: object) -> int:
        if not allowed(address):
            raise NetworkUsedError(f"a test tried to connect to {address!r}")
        return connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of measuring data beside the checkout (SAHEL_MAP_SHARED names another); absent on most machines."""
    folder = Path(os.environ.get("SAHEL_MAP_SHARED") or CHECKOUT.parent / "shared")
    if not (folder / "reports").is_dir():
        pytest.skip(f"the measuring data is not at {folder}; SAHEL_MAP_SHARED names its folder")
    return folder


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder this repository is checked out in."""
    return CHECKOUT


@pytest.fixture(scope="session")
def postgis() -> Iterator[Server]:
    """A real PostGIS server of the tests' own; `scripts/postgis` installs what it needs."""
    if programs() is None:
        pytest.skip("no PostgreSQL with PostGIS here; scripts/postgis installs it")
    with running() as server:
        yield server
