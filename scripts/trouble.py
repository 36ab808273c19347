"""What can go wrong before Peiban runs, each in one sentence a language with the command that helps."""

import re
import sys


class Trouble(Exception):
    """Stops the installation; shown without a trace."""

    def __init__(self, zh: str, en: str, command: str) -> None:
        super().__init__(f"{zh}\n{en}\n    {command}")


def meaning_of(output: str, *, log: str) -> Trouble:
    """The sentence for what pip printed; `log` is named where none fits."""
    for pattern, trouble in PIP_SAYS:
        if re.search(pattern, output):
            return trouble()
    return Trouble("安装依赖时出错。请看日志:", "Installing the dependencies failed. See the log:", f"tail -n 30 {log}")


def disk_full() -> Trouble:
    """Met while pip was writing."""
    return Trouble(
        "磁盘满了。请腾出至少 4 GB 空间再试;下面的命令会清掉 pip 的缓存:",
        "The disk is full. Free at least 4 GB and try again; this clears pip's cache:",
        f"{sys.executable} -m pip cache purge",
    )


def no_network() -> Trouble:
    """Nothing answers, or what answers has no packages."""
    return Trouble(
        "连不上软件包仓库。请检查网络,或指定一个您能连上的镜像:",
        "The package registry cannot be reached. Check the network, or name a mirror that you can reach:",
        "PIP_INDEX_URL=https://MIRROR/simple scripts/run",
    )


def no_build() -> Trouble:
    """A dependency has no wheel for this Python or machine."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Trouble(
        f"有的依赖没有适合 Python {version} 的版本。请换一个 Python(3.11 到 3.13)再试:",
        f"Some dependency has no build for Python {version}. Try another Python (3.11 to 3.13):",
        "rm -rf .venv && PYTHON=python3.11 scripts/run",
    )


def no_disk(free_gb: float, needed_gb: float) -> Trouble:
    """Told before a download that could not end well."""
    return Trouble(
        f"磁盘只剩 {free_gb:.1f} GB,安装需要 {needed_gb:.0f} GB。请先腾出空间:",
        f"Only {free_gb:.1f} GB of disk are free, the installation needs {needed_gb:.0f} GB. Make room first:",
        "df -h . && du -sh ~/.cache",
    )


def no_venv() -> Trouble:
    """Debian and Ubuntu leave these two out of their python3 package."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Trouble(
        f"Python {version} 缺少 venv 或 ensurepip。请安装后再试:",
        f"Python {version} lacks venv or ensurepip. Install them and try again:",
        f"sudo apt-get install python{version}-venv    # Fedora: sudo dnf install python3-libs",
    )


def not_a_venv(folder: str) -> Trouble:
    """Nothing is deleted that we did not make."""
    return Trouble(
        f"{folder} 不是虚拟环境,不敢动它。请移开:",
        f"{folder} is not a virtual environment, so it is left alone. Move it away:",
        f"mv {folder} {folder}.old",
    )


def no_cpu_torch(pin: str) -> Trouble:
    """A default Linux index serves a build with CUDA, several GB that Peiban never uses."""
    return Trouble(
        f"这台机器的 pip 和 PyTorch 的官方 CPU 索引都没有给出 {pin} 的 CPU 版(默认的带 CUDA,要下载好几 GB)。"
        "有网后再试,或指定有 CPU 版的文件夹或镜像:PIP_FIND_LINKS=… scripts/run;愿意下载 CUDA 版就运行:",
        f"Neither this machine's pip nor PyTorch's own CPU index offers a CPU build of {pin} (the default brings CUDA, several GB). "
        "Try again with a network, or name a folder or mirror that has one: PIP_FIND_LINKS=… scripts/run; to accept the CUDA build:",
        "PEIBAN_TORCH=any scripts/run",
    )


NO_NETWORK = (
    r"name resolution|Name or service not known|nodename nor servname|NewConnectionError|ConnectTimeout|Read timed out|ReadTimeout"
    r"|ProxyError|Network is unreachable|ConnectionReset|SSLError|CERTIFICATE_VERIFY_FAILED|from versions: none"
)
PIP_SAYS = (  # the first that matches is told: a full disk also fails a build, and so on down
    (r"No space left on device|Errno 28", disk_full),
    (NO_NETWORK, no_network),
    (r"Failed to build|Failed building wheel|No matching distribution|requires a different Python", no_build),
)
