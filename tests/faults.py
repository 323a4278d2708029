"""Faults done to a build for real: each trial says in words what went wrong, or "" when it was survived."""

from __future__ import annotations

import contextlib
import csv
import http.server
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
EXAMPLES = CHECKOUT / "examples" / "reports"
FILES = (
    "map.html",
    "incidents.geojson",
    "incidents.csv",
    "mentions.csv",
    "evidence.csv",
    "tolls.csv",
    "aggregates.csv",
    "review.csv",
)
BUILD = [sys.executable, "-m", "sahel_map", "build"]


def run(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """A build by the command line, from the checkout."""
    return subprocess.run(
        [*BUILD, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=CHECKOUT, **options
    )  # type: ignore[call-overload, no-any-return]


def whole(folder: Path) -> str:
    """What is wrong with the files of a build, or ""."""
    for name in FILES:
        path = folder / name
        if not path.exists():
            return f"{name} is missing"
        text = path.read_text(encoding="utf-8-sig")
        if name.endswith(".geojson"):
            json.loads(text)
        elif name.endswith(".html"):
            if not text.rstrip().endswith("</html>"):
                return f"{name} is cut"
        elif not text.endswith("\n"):
            return f"{name} is cut"
    with (folder / "incidents.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {row["incident_id"] for row in csv.DictReader(file)}
    drawn = {
        f["properties"]["incident_id"]
        for f in json.loads((folder / "incidents.geojson").read_text(encoding="utf-8"))["features"]
    }
    return "" if told == drawn else "incidents.csv and incidents.geojson are of two builds"


def plain(done: subprocess.CompletedProcess[str], *words: str) -> str:
    """What is wrong with how a command failed, or "": it wants one clear line and exit code 1."""
    if done.returncode != 1:
        return f"exit code {done.returncode}: {done.stderr[-300:]}"
    if "Traceback" in done.stderr:
        return f"a traceback: {done.stderr[-300:]}"
    return "" if all(word in done.stderr for word in words) else f"said {done.stderr[-300:]!r}"


# --- killed ------------------------------------------------------------------------------------------------------


def killed_in_a_build(folder: Path, chance: random.Random) -> str:
    """kill -9 at any moment of a second build: the first one's files, or the second's, whole; a third build is right."""
    if not (folder / "map.html").exists():
        run(EXAMPLES, "--out", folder)
    process = subprocess.Popen([*BUILD, str(EXAMPLES / "06_sahel-wire_banibangou.txt"), "--out", str(folder)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=CHECKOUT)  # fmt: skip
    time.sleep(chance.uniform(0.2, 1.6))
    process.kill()
    process.wait()
    fault = whole(folder)
    done = run(EXAMPLES, "--out", folder)
    return fault or whole(folder) or ("" if done.returncode == 0 else done.stderr[-300:])


def killed_in_a_corpus(folder: Path, chance: random.Random) -> str:
    """kill -9 at any moment of a corpus build; the same call goes on and makes what an undisturbed one makes."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom sahel_map import corpus\nfrom sahel_map.corpus import joining, reading\n"
        "reading.BATCH, joining.BLOCK = 3, 4\nf = Path(sys.argv[1])\n"
        f"made = corpus.run([{str(EXAMPLES)!r}], f / 'out', f / 'work')\n"
        "print(list(made.build().incidents['incident_id']))\n"
    )
    command = [sys.executable, "-c", script]
    process = subprocess.Popen(
        [*command, str(folder / "cut")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=CHECKOUT
    )
    time.sleep(chance.uniform(0.5, 3.0))
    process.kill()
    process.wait()
    answers = [
        subprocess.run([*command, str(folder / name)], capture_output=True, text=True, check=False, cwd=CHECKOUT)
        for name in ("cut", "whole")
    ]
    if any(a.returncode for a in answers):
        return answers[0].stderr[-300:]
    return "" if answers[0].stdout == answers[1].stdout else "the build that went on made something else"


def two_builds_into_one_folder(folder: Path, chance: random.Random) -> str:
    """Two builds at once into one folder: both end well, and the files are of one of them."""
    inputs = [EXAMPLES, EXAMPLES / "06_sahel-wire_banibangou.txt"]
    chance.shuffle(inputs)
    both = [subprocess.Popen([*BUILD, str(path), "--out", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=CHECKOUT)
            for path in inputs]  # fmt: skip
    codes = [process.wait() for process in both]
    return whole(folder) or ("" if codes == [0, 0] else f"exit codes {codes}")


# --- no room, no right ---------------------------------------------------------------------------------------------


def full_disk(folder: Path, chance: random.Random) -> str:
    """A disk that is full at any point of writing: one clear line, and the old files as they were."""
    run(EXAMPLES, "--out", folder)
    before = {name: (folder / name).read_bytes() for name in FILES}
    limit = chance.randrange(0, 400_000)

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = run(EXAMPLES, "--out", folder, preexec_fn=small)
    fault = plain(done, "cannot write")
    if {name: (folder / name).read_bytes() for name in FILES} != before:
        return "the old files are changed"
    return fault


def full_file_system(folder: Path, chance: random.Random) -> str:
    """The same on a file system that really is full (ENOSPC), where one may be mounted."""
    with mounted(folder, f"size={chance.randrange(8, 400)}k") as disk:
        if disk is None:
            return ""
        fault = plain(run(EXAMPLES, "--out", disk / "out"), "cannot write")
        left = list(disk.rglob("*.csv"))
    return fault or (f"left {left}" if left else "")


def read_only(folder: Path, _: random.Random) -> str:
    """A folder nobody may write to: one clear line."""
    with mounted(folder, "ro") as disk:
        return plain(run(EXAMPLES, "--out", (disk or Path("/proc")) / "out"), "cannot write into")


@contextlib.contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path | None]:
    """A small file system in memory, or None where it cannot be mounted."""
    disk = folder / "disk"
    disk.mkdir(parents=True, exist_ok=True)
    tool = shutil.which("mount")
    done = (
        tool
        and subprocess.run(
            [tool, "-t", "tmpfs", "-o", options, "none", str(disk)], capture_output=True, check=False
        ).returncode
        == 0
    )
    try:
        yield disk if done else None
    finally:
        if done:
            subprocess.run(["umount", "-l", str(disk)], check=True)


# --- damaged input, other clocks ------------------------------------------------------------------------------------------


def samples(folder: Path) -> list[Path]:
    """A small sound file of most formats."""
    import pyarrow as pa
    from pyarrow import parquet

    from tests.coded_files import ged, write_ged
    from tests.report_files import docx, pdf

    folder.mkdir(parents=True, exist_ok=True)
    text = "Gunmen attacked a market in the town of Djibo on Sunday and killed six civilians, a resident said."
    page = f"<html><head><title>T</title></head><body><article>{f'<p>{text}</p>' * 4}</article></body></html>"
    record = {"report_id": "r", "published": "2025-06-03", "text": text, "language": "en"}
    (folder / "2025-06-03_a.txt").write_text(text)
    (folder / "2025-06-03_a.html").write_text(page)
    (folder / "a.jsonl").write_text((json.dumps(record) + "\n") * 3)
    (folder / "a.eml").write_text(f"Subject: x\nFrom: a@example.org\nDate: Tue, 3 Jun 2025 10:00:00 +0000\n\n{text}\n")
    (folder / "a.rss").write_text(
        f"<?xml version='1.0'?><rss><channel><item><title>T</title><description>{text}</description></item></channel></rss>"
    )
    (folder / "b.csv").write_text(f'report_id;published;text\nr;2025-06-03;"{text}"\n')
    docx(folder / "2025-06-03_a.docx", text, text)
    pdf(folder / "2025-06-03_a.pdf", text)
    write_ged(folder / "ged.csv", ged(1), ged(2), ged(3))
    parquet.write_table(pa.table({k: [v] * 3 for k, v in record.items()}), folder / "a.parquet")
    return sorted(folder.iterdir())


def truncated_input(folder: Path, chance: random.Random, sound: list[Path]) -> str:
    """A file cut anywhere, or with bytes changed: read as far as it goes, or named; never a traceback."""
    from sahel_map.pipeline import run as build

    source = chance.choice(sound)
    data = bytearray(source.read_bytes())
    if chance.random() < 0.7:
        data = data[: chance.randrange(len(data))]
    for _ in range(chance.choice((0, 0, 1, 20))):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / source.name
    path.write_bytes(data)
    made = build([path])
    return "" if all(str(fault).startswith(str(path)) for fault in made.faults) else f"{made.faults}"


def clock(folder: Path, chance: random.Random) -> str:
    """A clock that is years off or jumps while the build runs: the same files, byte for byte (the page's ids are random)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(
        "import time, os\n_real, _n = time.time, [0]\ndef moved():\n    _n[0] += 1\n"
        "    return _real() + float(os.environ['OFF']) * (1 if _n[0] % 2 else float(os.environ['JUMP']))\ntime.time = moved\n"
    )
    moved = os.environ | {"PYTHONPATH": str(folder), "OFF": str(chance.choice((-4e8, -90.0, 90.0, 4e8))), "JUMP": str(chance.choice((1, 0, -1))),
                          "TZ": chance.choice(("UTC", "Pacific/Kiritimati", "America/Adak"))}  # fmt: skip
    there, here = folder / "moved", folder / "here"
    done = run(EXAMPLES, "--out", there, env=moved)
    if not here.exists():
        run(EXAMPLES, "--out", here)
    if done.returncode:
        return done.stderr[-300:]
    return next((f"{n} differs" for n in FILES[1:] if (there / n).read_bytes() != (here / n).read_bytes()), "")


# --- a bad line ----------------------------------------------------------------------------------------------------------


class BadServer(http.server.BaseHTTPRequestHandler):
    """Serves ``data`` badly: ``manner`` says how."""

    data = b""
    manner = ""

    def do_GET(self) -> None:
        start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        body, length = self.data[start:], len(self.data) - start
        if self.manner == "refuses":
            return self.send_error(503)
        if self.manner in ("says too much", "says too little"):
            length = length * 2 if self.manner == "says too much" else length // 2
        self.send_response(206 if start and self.manner != "ignores ranges" else 200)
        self.send_header("Content-Length", str(length if self.manner != "ignores ranges" else len(self.data)))
        self.end_headers()
        if self.manner == "stalls":
            self.wfile.write(body[:100])
            self.wfile.flush()
            time.sleep(3)
        elif self.manner == "hangs up":
            self.wfile.write(body[: len(body) // 2])
        elif self.manner == "serves another":
            self.wfile.write(b"<html>please log in</html>"[:length].ljust(length))
        elif self.manner == "ignores ranges":
            self.wfile.write(self.data[: len(self.data) // 2])
        else:
            self.wfile.write(body)
        return None

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


MANNERS = ("refuses", "stalls", "hangs up", "says too much", "says too little", "serves another", "ignores ranges")


def bad_line(folder: Path, chance: random.Random) -> str:
    """A gazetteer download that stalls, lies or breaks off: the old file stays, the error names the address."""
    from sahel_map.errors import DownloadError
    from sahel_map.gazetteer_sources import download

    BadServer.manner, BadServer.data = chance.choice(MANNERS), chance.randbytes(chance.randrange(300, 60_000))
    folder.mkdir(parents=True, exist_ok=True)
    old = folder / "geonames-XX.zip"
    old.write_bytes(b"the old one")
    (folder / "geonames-XX.part").unlink(missing_ok=True)
    patience, download.TIMEOUT = download.TIMEOUT, (0.5, 0.3)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), BadServer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            download.fetch(
                download.Wanted("geonames-XX", "GeoNames XX", f"http://127.0.0.1:{server.server_port}/XX.zip"), folder
            )
            return f"took what {BadServer.manner}"
        except DownloadError as error:
            if "127.0.0.1" not in str(error):
                return f"{BadServer.manner}: {error}"
        finally:
            download.TIMEOUT = patience
            server.shutdown()
    return "" if old.read_bytes() == b"the old one" else f"{BadServer.manner}: the old file is changed"
