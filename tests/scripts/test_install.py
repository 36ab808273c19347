"""The installer: what it pins, which torch it takes, and the sentence for each thing that can be in the way."""

import sys
import tomllib
import zipfile
from collections import namedtuple
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from scripts import install
from scripts.pip import Pip
from scripts.trouble import Trouble, meaning_of

ROOT = install.ROOT
PIN = "torch==2.13.0"
Usage = namedtuple("Usage", "total used free")


class AnswersFrom(Pip):
    """A pip that says yes to what `offered` names and reports these requirements for torch."""

    def __init__(self, venv: Path, *, offered: set[str], requires: str = "[]") -> None:
        super().__init__(venv)
        self.offered, self.requires = offered, requires

    def answer(self, *arguments: str) -> str | None:
        source = "makers" if install.CPU_INDEX in arguments else "machine"
        wanted = f"{source} {arguments[-1]}"
        return f'{{"install": [{{"metadata": {{"requires_dist": {self.requires}}}}}]}}' if wanted in self.offered else None


def this_venv() -> Path:
    return Path(sys.prefix)


def reached(requirements: list[str]) -> Iterator[tuple[NormalizedName, str]]:
    """Name and version of everything installed that these requirements lead to on this machine."""
    todo, seen = [(Requirement(each), {""}) for each in requirements], set()
    while todo:
        wanted, extras = todo.pop()
        if wanted.marker and not any(wanted.marker.evaluate({"extra": extra}) for extra in extras):
            continue
        key = (canonicalize_name(wanted.name), frozenset(wanted.extras))
        if key in seen:
            continue
        seen.add(key)
        found = distribution(wanted.name)
        yield key[0], found.version.partition("+")[0]
        todo += [(Requirement(each), {"", *wanted.extras}) for each in found.requires or ()]


def test_the_whole_tree_is_pinned_as_it_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [line for line in install.CONSTRAINTS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    pins = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}
    everything = project["dependencies"] + project["optional-dependencies"]["test"]
    assert {name: version for name, version in reached(everything) if pins.get(name) != version} == {}
    assert not [line for line in lines if "+" in line or "@" in line or "==" not in line]
    assert all(canonicalize_name(name) in pins for name in install.BUILD)


def test_the_machines_own_cpu_build_of_torch_comes_first() -> None:
    both = AnswersFrom(this_venv(), offered={f"machine {PIN}+cpu", f"makers {PIN}+cpu"})
    assert install.torch_arguments(both, pin=PIN, installed=None) == [f"{PIN}+cpu"]


def test_then_the_index_of_its_makers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "_x86_linux", lambda: True)
    makers = AnswersFrom(this_venv(), offered={f"makers {PIN}+cpu", f"machine {PIN}"})
    assert install.CPU_INDEX in install.torch_arguments(makers, pin=PIN, installed=None)


def test_an_untagged_build_without_cuda_is_taken_and_one_with_it_refused() -> None:
    plain = AnswersFrom(this_venv(), offered={f"machine {PIN}"}, requires='["sympy", "nvidia-cudnn; sys_platform == \'none\'"]')
    assert install.torch_arguments(plain, pin=PIN, installed=None) == [PIN]
    cuda = AnswersFrom(this_venv(), offered={f"machine {PIN}"}, requires='["sympy", "nvidia-cudnn-cu13==9.1"]')
    with pytest.raises(Trouble, match="PEIBAN_TORCH=any scripts/run"):
        install.torch_arguments(cuda, pin=PIN, installed=None)


def test_cuda_is_taken_where_asked_for_and_nothing_is_asked_when_torch_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = AnswersFrom(this_venv(), offered=set())
    assert install.torch_arguments(nothing, pin=PIN, installed="2.13.0+cpu") == []
    monkeypatch.setenv("PEIBAN_TORCH", "any")
    assert install.torch_arguments(nothing, pin=PIN, installed="2.12.0") == [PIN]


@pytest.mark.slow
@pytest.mark.parametrize(("built", "taken"), [("2.13.0+cpu", ["torch==2.13.0+cpu"]), ("2.13.0", [PIN])])
def test_a_real_pip_finds_a_build_in_the_machines_folder_of_wheels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: str, taken: list[str]
) -> None:
    about = f"torch-{built}.dist-info"
    with zipfile.ZipFile(tmp_path / f"torch-{built}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: torch\nVersion: {built}\nRequires-Dist: sympy\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    for name, value in {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path), "PIP_CONFIG_FILE": "/dev/null"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PIP_IGNORE_INSTALLED", "1")  # the torch of this environment is not what is asked for
    assert install.torch_arguments(Pip(this_venv()), pin=PIN, installed=None) == taken


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "pip cache purge"),
        ("Failed to establish a new connection: [Errno -3] Temporary failure in name resolution", "PIP_INDEX_URL="),
        ("ERROR: Could not find a version that satisfies the requirement numpy (from versions: none)", "PIP_INDEX_URL="),
        ("error: Failed building wheel for x", "PYTHON=python3.11 scripts/run"),
        ("something new", "tail -n 30 here.log"),
    ],
)
def test_what_pip_says_becomes_a_sentence_with_a_command(said: str, told: str) -> None:
    assert told in str(meaning_of(said, log="here.log"))


def test_a_missing_ensurepip_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(Trouble, match=r"apt-get install python3\.\d+-venv"):
        install.make_venv(tmp_path / ".venv")


def test_a_full_disk_is_told_before_the_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(10**12, 10**12 - 10**9, 10**9))
    with pytest.raises(Trouble, match=r"1\.0 GB of disk are free, the installation needs 4 GB"):
        install.make_venv(tmp_path / ".venv")


def test_a_folder_that_is_no_virtual_environment_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    with pytest.raises(Trouble, match=r"mv .*\.venv"):
        install.make_venv(tmp_path / ".venv")
    assert (tmp_path / ".venv").is_dir()


@pytest.mark.slow
def test_a_moved_environment_does_not_count_as_working(tmp_path: Path) -> None:
    install.make_venv(tmp_path / ".venv")
    assert install._works(tmp_path / ".venv")
    (tmp_path / ".venv").rename(tmp_path / "moved")
    assert not install._works(tmp_path / "moved")
