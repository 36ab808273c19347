"""`peiban serve`: first start, second start, end, and what may stand in the way."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Never

import pytest
import yaml

from care.safety import checking
from kit.embedded_places import MAJOR
from tests.cli.conftest import Peiban

UP_WITHIN_S = 100


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        self.process: subprocess.Popen[str] | None = None

    def start(self, **settings: str) -> None:
        kept = ("PATH", "HOME", "LANG")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve", "--port", str(self.port)],
            env={**environment, "PYTHONPATH": str(Path(__file__).parents[2]), "DATA_DIR": str(self.folder / "var"), **settings},
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        until = time.monotonic() + UP_WITHIN_S
        while self.status("/health") != 200:
            assert self.process.poll() is None, self.process.communicate()[0]
            assert time.monotonic() < until
            time.sleep(0.1)

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return int(answer.status)
        except OSError:
            return 0

    def stop(self) -> str:
        """What it said; it must have ended well."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        said, _ = self.process.communicate(timeout=30)
        assert self.process.returncode == 0, said
        return said


@pytest.fixture
def server(reachable: Path) -> Iterator[Server]:
    one = Server(reachable)
    yield one
    if one.process and one.process.poll() is None:
        one.process.kill()
        one.process.communicate()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_first_and_a_second_start(server: Server) -> None:
    server.start(HOST="0.0.0.0")
    first = server.stop()
    assert f"http://127.0.0.1:{server.port}/console/" in first
    password = re.search(r"One-time password: (\S+)", first)
    assert password
    assert "Taking in the starter curriculum" in first
    assert "Building the first edition" in first
    assert "Until it is changed only this machine is served" in first
    server.start()
    second = server.stop()
    assert password[1] not in second
    assert "curriculum" not in second
    assert "edition" not in second
    assert "staff reset admin" in second
    assert "Stopped." in second
    assert not (server.folder / "var" / "postgres" / "data" / "postmaster.pid").exists()


def test_a_port_in_use_is_a_sentence(bare: Peiban) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = bare("serve", "--port", port)
    assert ran.code == 2
    assert f"端口 {port}" in ran.err
    assert f"scripts/run --port {port + 1}" in ran.err


def test_data_of_another_postgresql_is_a_sentence(bare: Peiban, reachable: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("DATA_DIR", str(reachable))
    data = reachable / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    ran = bare("serve", "--port", free_port())
    assert ran.code == 2
    assert f"PostgreSQL {MAJOR}" in ran.err
    assert "peiban restore" in ran.err
    assert "Traceback" not in ran.err


def test_broken_rules_of_danger_are_a_sentence_and_nothing_starts(bare: Peiban, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Never:
        raise yaml.YAMLError("line 7")

    monkeypatch.setattr(checking, "rule_book", broken)
    ran = bare("serve", "--port", free_port())
    assert ran.code == 1
    assert "识别危险的规则" in ran.err
    assert "line 7" in ran.err
    assert "Traceback" not in ran.err


def test_a_database_that_does_not_answer_is_a_sentence(bare: Peiban) -> None:
    ran = bare("serve", "--port", free_port())
    assert (ran.code, "DATABASE_URL" in ran.err) == (1, True)
