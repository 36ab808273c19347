"""Runs pip of the virtual environment and shows a person how far it is. Knows nothing of what is installed."""

import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

from scripts.trouble import meaning_of

LEFT_OUT = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PYTHONPATH", "PYTHONHOME")  # point elsewhere
STILL_THERE_S = 15
APPLYING = """
import sys
from pip._vendor.packaging.requirements import Requirement
for each in map(Requirement, sys.argv[1:]):
    if each.marker is None or each.marker.evaluate({"extra": ""}):
        print(each.name.lower())
"""


class Pip:
    """pip of one virtual environment; it never asks, and never touches another site-packages."""

    def __init__(self, venv: Path) -> None:
        self.log = venv / "install.log"
        self._command = [str(venv / "bin" / "python"), "-m", "pip", "--no-input", "--disable-pip-version-check"]
        self._environment = {name: value for name, value in os.environ.items() if name not in LEFT_OUT} | {"PIP_USER": "0"}

    def answer(self, *arguments: str) -> str | None:
        """What a quiet question prints, or None when pip says no."""
        done = subprocess.run([*self._command, *arguments], env=self._environment, capture_output=True, text=True, check=False)
        return done.stdout if done.returncode == 0 else None

    def names_that_apply(self, requirements: list[str]) -> list[str]:
        """The package names whose markers fit this machine, read by the parser that pip itself carries."""
        asked = subprocess.run(
            [self._command[0], "-c", APPLYING, *requirements], env=self._environment, capture_output=True, text=True, check=True
        )
        return asked.stdout.split()

    def install(self, *arguments: str, told: str) -> None:
        """Install with one line of progress on a terminal, a few lines elsewhere. Raises `Trouble`."""
        command = [*self._command, "install", "--progress-bar", "off", *arguments]
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(command)}\n")
            log.flush()
            with subprocess.Popen(
                command, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
            ) as running:
                assert running.stdout is not None  # for the type checker: PIPE was asked for
                said = _follow(running.stdout, log, told)
        if running.returncode:
            raise meaning_of(said, log=str(self.log))


def _follow(lines: IO[str], log: IO[str], told: str) -> str:
    """Copy to the log, show progress, and return everything for a diagnosis."""
    arrived: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_pump, args=(lines, arrived), daemon=True).start()
    progress = _Progress(told)
    everything: list[str] = []
    while True:
        try:
            line = arrived.get(timeout=1)
        except queue.Empty:
            progress.tick()
            continue
        if line is None:
            progress.end()
            return "".join(everything)
        everything.append(line)
        log.write(line)
        progress.read(line)


def _pump(lines: IO[str], arrived: "queue.Queue[str | None]") -> None:
    for line in lines:
        arrived.put(line)
    arrived.put(None)


class _Progress:
    """Counts packages while pip collects them; says that it is alive while pip unpacks them in silence."""

    def __init__(self, told: str) -> None:
        self._told, self._began, self._seen, self._doing = told, time.monotonic(), 0, ""
        self._live, self._last = sys.stdout.isatty(), time.monotonic()
        self._show(force=True)

    def read(self, line: str) -> None:
        words = line.split()
        if words[:1] == ["Collecting"]:
            self._seen += 1
            self._doing = f"{self._seen}: {words[1]}"
        elif words[:1] in (["Downloading"], ["Processing"], ["Obtaining"]):
            self._doing = f"{self._seen}: {words[1].rsplit('/', 1)[-1]} {' '.join(words[2:4])}"
        elif line.startswith("Installing collected packages"):
            self._doing = f"解压 {line.count(',') + 1} 个包 unpacking"
            self._show(force=True)
        self._show()

    def tick(self) -> None:
        self._show()

    def end(self) -> None:
        self._doing = "✓"
        self._show(force=True)
        if self._live:
            print()

    def _show(self, *, force: bool = False) -> None:
        now = time.monotonic()
        if not force and now - self._last < (0.1 if self._live else STILL_THERE_S):
            return
        self._last = now
        text = f"{self._told} {now - self._began:4.0f} s  {self._doing}"
        print(f"\r\033[K{text[:110]}" if self._live else text, end="" if self._live else "\n", flush=True)
