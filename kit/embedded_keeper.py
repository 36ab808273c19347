"""The small process that runs one embedded PostgreSQL and stops it when its last user is gone, however that user went.
Standard library only: `kit.embedded` runs this file by its path, without site-packages, to start in a few milliseconds.

Every user of the database holds a shared lock on one file; the keeper waits for the exclusive lock on it. The kernel grants that
when the last user has let go, by `stop()`, by its end or by kill -9, and counts correctly for any number of users.
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1
PATIENCE_S = 60


class _Leave(Exception):
    """Not an error: how a signal ends the wait for the lock."""


def keep(users: Path, user: tuple[int, int] | None, command: list[str]) -> int:
    """Run the server until nobody holds `users`, a signal asks for the end, or the server ends by itself."""
    environment = {"PATH": os.defpath, "LC_ALL": "C"}  # nothing inherited: PGPORT and the like, and no secrets for its account
    lock = os.open(users, os.O_RDWR)
    server = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        preexec_fn=_end_with_parent(),  # noqa: PLW1509 - safe, as this process has one thread
        user=user[0] if user else None,
        group=user[1] if user else None,
        extra_groups=[] if user else None,
    )
    try:
        for each in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(each, _leave)
        if server.poll() is None:
            fcntl.flock(lock, fcntl.LOCK_EX)
    except _Leave:
        pass
    return _stop(server)


def _stop(server: "subprocess.Popen[bytes]") -> int:
    for each in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_DFL if each is signal.SIGCHLD else signal.SIG_IGN)
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # "fast", "immediate", and the end
        if server.poll() is not None:
            break
        server.send_signal(how)
        try:
            server.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            continue
    return server.wait()


def _end_with_parent() -> Callable[[], None] | None:
    """A killed keeper takes its server along. Linux tells a child of the end of the thread that made it: our only one."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:  # it went before we asked
            os._exit(1)

    return ask


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise _Leave


if __name__ == "__main__":
    lock_file, uid, gid, *server_command = sys.argv[1:]
    sys.exit(keep(Path(lock_file), (int(uid), int(gid)) if uid != "-" else None, server_command))
