"""The data folder of an embedded PostgreSQL: made once, checked for its version, freed of a stale pid file.
Knows processes by their pid files; starting and stopping the server is `kit.embedded`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from kit.embedded_places import MAJOR, SOCKET_NAME, CannotStart, Place, own_folder

INITDB = (
    "--username=postgres",
    "--auth=trust",  # who may pass the folder of mode 0700 may connect
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",  # the same order of text on every machine, whatever its LANG
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)


class OtherMajor(CannotStart):
    """The data folder was written by another major version of PostgreSQL."""


def check_version(place: Place) -> bool:
    """Whether there is a data folder that these programs can open. Raises `OtherMajor` for one that they cannot."""
    stamp = place.data / "PG_VERSION"
    if not stamp.exists():
        return False
    if (found := stamp.read_text(encoding="ascii").strip()) != MAJOR:
        aside = f"mv {place.data} {place.home}/data-{found}"
        raise OtherMajor(
            f"{place.data} 是 PostgreSQL {found} 的数据,这里带的是 PostgreSQL {MAJOR}。请保留旧数据,重新开始,再恢复最近的备份:"
            f"{aside} && scripts/run,然后 .venv/bin/peiban restore 备份文件\n"
            f"{place.data} was written by PostgreSQL {found}; this program brings PostgreSQL {MAJOR}. Keep the old data, start "
            f"afresh, then restore the latest backup: {aside} && scripts/run, then .venv/bin/peiban restore BACKUP",
            found=found,
            needed=MAJOR,
        )
    return True


def create(place: Place, programs: Path) -> None:
    """Run initdb beside the data folder and rename, so that a start that is cut off leaves nothing half made."""
    fresh, user = place.home / "data.new", place.user
    if fresh.exists():
        shutil.rmtree(fresh)
    own_folder(fresh, user)
    done = subprocess.run(
        [str(programs / "initdb"), "-D", str(fresh), *INITDB],
        env={"PATH": os.defpath, "LC_ALL": "C"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
    )
    if done.returncode:
        raise cannot_start(place, done.stderr)
    fresh.rename(place.data)


def running(place: Place) -> bool:
    """Whether the process named in postmaster.pid is this folder's server, also while it starts or stops."""
    pid = _first_number(place.data / "postmaster.pid")
    return pid is not None and str(place.data) in _command_of(pid)


def forget_strangers(place: Place) -> None:
    """Remove pid files whose number now belongs to another living program. One that names a dead process stays: PostgreSQL
    deals with it, and first makes sure that no child of the old server is left."""
    for file in (place.data / "postmaster.pid", place.sockets / f"{SOCKET_NAME}.lock"):
        pid = _first_number(file)
        if pid is not None and _alive(pid) and str(place.data) not in _command_of(pid):
            file.unlink(missing_ok=True)


def cannot_start(place: Place, why: str) -> CannotStart:
    """The error for a server that did not come up, with the end of what it said."""
    return CannotStart(
        f"数据库没有启动。请看日志:tail {place.log}(磁盘满了吗?df -h {place.home})\n"
        f"The database did not start. See its log: tail {place.log} (is the disk full? df -h {place.home})\n{why.strip()[-1500:]}"
    )


def _first_number(file: Path) -> int | None:
    try:
        return abs(int(file.read_text(encoding="utf-8").split()[0]))
    except (FileNotFoundError, ValueError, IndexError):
        return None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _command_of(pid: int) -> str:
    """The command line of a process; empty for one that is gone, or dead and not yet reaped."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="surrogateescape")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    asked = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return asked.stdout
