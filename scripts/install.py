"""Makes `.venv` and installs the pinned dependencies and the project into it. Run by scripts/run and scripts/test, which skip it
when the stamp it leaves says that nothing has changed. Touches nothing outside the checkout but pip's own cache."""

import argparse
import fcntl
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.pip import Pip
from scripts.trouble import Trouble, no_cpu_torch, no_disk, no_venv, not_a_venv

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = ROOT / "scripts" / "constraints.txt"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"  # published by the makers of PyTorch
ASK_S = 5
NEEDED_GB = 4
BUILD = ("pip", "hatchling", "editables")


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when `.venv` is complete, 1 after a sentence about what is in the way."""
    parser = argparse.ArgumentParser(prog="scripts/install")
    parser.add_argument("--test", action="store_true", help="with what the tests and checks need")
    parser.add_argument("--stamp", required=True, help="fingerprint of the wanted state, left in .venv when it is reached")
    options = parser.parse_args(arguments)
    try:
        install(ROOT / ".venv", test=options.test, stamp=options.stamp)
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno != 28:
            raise
        print(f"\n{no_disk(_free_gb(), NEEDED_GB)}", file=sys.stderr)
        return 1
    return 0


def install(venv: Path, *, test: bool, stamp: str) -> None:
    """Bring `venv` to the pinned state; a second call beside it waits, one that was cut off is taken up again."""
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make_venv(venv)
        pip = Pip(venv)
        # First of all a pip of one known release, whatever the machine's Python brings; and the builder, so that the project is
        # built without isolation, by a pinned builder that is fetched once.
        pip.install("--constraint", str(CONSTRAINTS), *BUILD, told="1/3 安装工具 installer")
        chosen = torch_arguments(pip, pin=pinned("torch"), installed=_installed(venv, "torch"))
        if chosen:
            pip.install(*chosen, "--constraint", str(CONSTRAINTS), told="2/3 PyTorch (CPU)")
        project = f"{ROOT}[test]" if test else str(ROOT)
        pip.install("--constraint", str(CONSTRAINTS), "--no-build-isolation", "--editable", project, told="3/3 依赖 dependencies")
        for name in ("base", "test") if test else ("base",):
            (venv / f"stamp-{name}").write_text(f"{stamp}|{ROOT}|{_version(venv)}\n", encoding="utf-8")


def make_venv(venv: Path) -> None:
    """A working virtual environment at its own path; one that was moved here or lost its Python is made anew."""
    if venv.exists() and not (venv / "pyvenv.cfg").exists():
        raise not_a_venv(str(venv))
    if _works(venv):
        return
    if _free_gb() < NEEDED_GB:
        raise no_disk(_free_gb(), NEEDED_GB)
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise no_venv()
    print(f"创建虚拟环境 making {venv}", flush=True)
    if venv.exists():
        shutil.rmtree(venv)
    done = subprocess.run([sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(venv, ignore_errors=True)
        raise no_venv()


def torch_arguments(pip: Pip, *, pin: str, installed: str | None) -> list[str]:
    """What to give pip for a CPU build of torch; nothing when the pinned release is there. Raises `Trouble` when there is none.

    A tagged CPU build of the machine's own configuration comes first, then the makers' index; the machine's untagged build last,
    because telling whether it is a CPU build can cost its whole download where an index serves no metadata."""
    if installed and installed.partition("+")[0] == pin.partition("==")[2]:
        return []
    if os.environ.get("PEIBAN_TORCH") == "any":
        return [pin]
    ask, tagged = ("install", "--dry-run", "--no-deps", "--quiet"), f"{pin}+cpu"
    if pip.answer(*ask, tagged) is not None:
        return [tagged]
    from_makers = ["--index-url", CPU_INDEX, "--no-deps", tagged]
    if _x86_linux() and pip.answer(*ask, "--timeout", str(ASK_S), "--retries", "0", *from_makers) is not None:
        return from_makers
    report = pip.answer(*ask, "--report", "-", pin)
    if report is not None and not brings_cuda(json.loads(report)["install"][0]["metadata"]["requires_dist"], pip):
        return [pin]
    raise no_cpu_torch(pin)


def brings_cuda(requirements: list[str], pip: Pip) -> bool:
    """Whether parts of CUDA are among the requirements that apply on this machine."""
    return any(name.startswith(("nvidia-", "cuda-", "triton")) for name in pip.names_that_apply(requirements))


def pinned(name: str) -> str:
    """The line of the constraints for one package, such as `torch==2.13.0`."""
    return next(line for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines() if line.startswith(f"{name}=="))


def _works(venv: Path) -> bool:
    """Its scripts carry their path in the first lines, so a moved environment half works: worse than none."""
    pip = venv / "bin" / "pip"
    if not pip.exists() or str(venv) not in pip.read_text(encoding="utf-8", errors="replace")[:1000]:
        return False
    return (
        subprocess.run([str(venv / "bin" / "python"), "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    )


def _installed(venv: Path, name: str) -> str | None:
    ask = f"from importlib.metadata import version; print(version({name!r}))"
    done = subprocess.run([str(venv / "bin" / "python"), "-c", ask], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def _version(venv: Path) -> str:
    return subprocess.run([str(venv / "bin" / "python"), "-V"], capture_output=True, text=True, check=True).stdout.strip()


def _free_gb() -> float:
    return shutil.disk_usage(ROOT).free / 1e9


def _x86_linux() -> bool:
    return sys.platform == "linux" and platform.machine() == "x86_64"


if __name__ == "__main__":
    sys.exit(main())
