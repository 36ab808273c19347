"""The commands of a checkout, run as programs in a copy that has stand-ins instead of a virtual environment."""

import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the scripts whose `.venv` counts as complete; its programs print their name and succeed."""
    copy = tmp_path.resolve() / "checkout"
    shutil.copytree(ROOT / "scripts", copy / "scripts")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for name in ("peiban", "ruff", "mypy", "lint-imports", "python"):
        program(copy / ".venv" / "bin" / name, f'echo "{name} $*"')
    read = 'cat "$0/pyproject.toml" "$0/scripts/constraints.txt" | cksum'
    fingerprint = subprocess.run(["/bin/sh", "-c", read, str(copy)], capture_output=True, text=True, check=True).stdout.strip()
    for kind in ("base", "test"):
        (copy / ".venv" / f"stamp-{kind}").write_text(f"{fingerprint}|{copy}|python -V\n")
    return copy


def program(path: Path, does: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def call(checkout: Path, *command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["/bin/sh", str(checkout / "scripts" / command[0]), *command[1:]],
        env={**os.environ, **environment},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_second_start_goes_straight_to_the_server(checkout: Path) -> None:
    began = time.monotonic()
    done = call(checkout, "run", "--port", "8001")
    assert (done.returncode, done.stdout) == (0, "peiban serve --port 8001\n")
    assert time.monotonic() - began < 0.3


def test_changed_pins_are_installed_before_the_start(checkout: Path) -> None:
    with (checkout / "scripts" / "constraints.txt").open("a") as constraints:
        constraints.write("# changed\n")
    program(checkout / "stand-in", '[ "$1" = -c ] && exit 0; echo "called $*"; exit 7')
    done = call(checkout, "run", PYTHON=str(checkout / "stand-in"))
    assert done.returncode == 1
    assert "called -m scripts.install --stamp" in done.stdout
    assert "peiban serve" not in done.stdout


def test_without_a_python_of_3_11_it_says_what_to_install(checkout: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    done = call(checkout, "run", PYTHON="python-of-nowhere")
    assert done.returncode == 1
    assert "apt-get install python3" in done.stderr


def test_checks_all_run_and_the_first_failure_is_the_exit_code(checkout: Path) -> None:
    program(checkout / ".venv" / "bin" / "mypy", "echo wrong type; exit 3")
    program(checkout / ".venv" / "bin" / "lint-imports", "echo wrong way; exit 4")
    done = call(checkout, "check")
    assert done.returncode == 3
    assert [line for line in done.stdout.splitlines() if line[0] in "✓✗"] == [
        "✓ ruff check",
        "✓ ruff format",
        "✗ mypy --strict",
        "✗ import-linter",
    ]
    assert "wrong type" in done.stdout
    assert "wrong way" in done.stdout


def test_tests_run_also_after_a_failed_check(checkout: Path) -> None:
    program(checkout / ".venv" / "bin" / "ruff", "exit 5")
    done = call(checkout, "test", "--fast", "-k", "some")
    assert done.returncode == 5
    assert done.stdout.splitlines()[-1] == (
        "python -m pytest -m not slow and not browser -n 2 -k some tests/architecture tests/knowledge tests/care"
    )


def test_a_failed_test_fails_the_whole(checkout: Path) -> None:
    program(checkout / ".venv" / "bin" / "python", '[ "$1" = -V ] && echo "python -V" || exit 1')
    assert call(checkout, "test", "--fast").returncode == 1


def bare_path(checkout: Path) -> Path:
    """A folder for PATH with little more than a shell needs."""
    only = checkout / "only"
    only.mkdir()
    for name in ("id", "head", "dirname", "cat", "cksum", "cp"):
        (only / name).symlink_to(str(shutil.which(name)))
    return only


def test_a_missing_chromium_fails_with_a_sentence(checkout: Path) -> None:
    done = call(checkout, "test", PATH=str(bare_path(checkout)), PEIBAN_CHROMIUM="")
    assert done.returncode == 1
    assert "apt-get install chromium" in done.stderr
    assert "pytest" not in done.stdout


def test_root_on_debian_gets_chromium_installed_after_the_lists_are_renewed(checkout: Path) -> None:
    only = bare_path(checkout)
    (only / "id").unlink()
    program(only / "id", "echo 0")
    program(checkout / "browser", "exit 0")
    program(only / "apt-get", f'echo "$*" >> {checkout}/calls; [ "$1" = update ] || cp {checkout}/browser {only}/chromium')
    done = call(checkout, "test", PATH=str(only), PEIBAN_CHROMIUM="")
    assert done.returncode == 0
    update, install = (checkout / "calls").read_text().splitlines()
    assert update.startswith("update")
    assert install.endswith("chromium fonts-noto-cjk")
    assert "-m pytest" in done.stdout


def test_the_found_chromium_is_handed_to_the_tests(checkout: Path) -> None:
    program(checkout / "my-chromium", "exit 0")
    program(checkout / ".venv" / "bin" / "python", '[ "$1" = -V ] && echo "python -V" || echo "$PEIBAN_CHROMIUM"')
    done = call(checkout, "test", PEIBAN_CHROMIUM=str(checkout / "my-chromium"))
    assert done.stdout.splitlines()[-1] == str(checkout / "my-chromium")


def test_continuous_integration_calls_exactly_the_test_command() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == ['exec "$(dirname "$0")/../scripts/test"']


@pytest.mark.slow
def test_the_installer_itself_needs_only_the_standard_library() -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import scripts.install"
    subprocess.run([sys.executable, "-I", "-S", "-c", code, str(ROOT)], check=True)
