"""What a person at the terminal reads instead of a trace, and the exit code that goes with it."""

from typing import Any

import typer
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError, ProgrammingError
from typer.core import TyperGroup

from app.alone import AlreadyServing
from app.backup import AlreadyThere, NoBackup, NotEmpty, NothingToBackUp, ProgramFailed, StillInUse
from app.cli import terminal
from care.editions.errors import BundleBroken, GateClosed, NoEdition, PublishedMeanwhile
from care.safety.errors import BrokenRules
from kit.accounts.errors import LastAdministrator, LoginTaken
from kit.embedded_cluster import OtherMajor
from kit.embedded_places import CannotStart
from kit.errors import Invalid, NotAllowed, NotFound, PeibanError, Unavailable, WrongState
from knowledge.errors import (
    BadBatch,
    EmptyCurriculum,
    NoEarlierEdition,
    NotBuilt,
    ReasonMissing,
    UnknownEdition,
    UnreviewedPassages,
)

FAILED = 1
USAGE = 2

# The closest class of an error's own line of descent decides. `{message}` is the error's own sentence, other names its facts.
SENTENCES: dict[type[Exception], tuple[str, str, int]] = {
    AlreadyThere: ("{file} 已经存在，请换一个名字。", "{file} exists already; choose another name.", USAGE),
    BadBatch: ("有写错的地方，什么都没有导入：\n{message}", "Nothing was imported, because of:\n{message}", FAILED),
    BrokenRules: (
        "识别危险的规则（care/safety）坏了，这样不能启动：{message}",
        "The rules that recognise danger (care/safety) are broken; nothing is started with them: {message}",
        FAILED,
    ),
    BundleBroken: (
        "这一版的文件和数据库里记的校验和不一样。请重建：peiban editions build 编号",
        "The edition's file does not have the checksum that the database names. Build it again: peiban editions build NUMBER",
        FAILED,
    ),
    CannotStart: ("{message}", "", FAILED),
    EmptyCurriculum: (
        "课程是空的。请先导入：peiban knowledge import",
        "The curriculum is empty. Import it first: peiban knowledge import",
        FAILED,
    ),
    GateClosed: (
        "第 {number} 版没有发布，家长现在用的版本不受影响。改好再建一版；一定要发布，请写明理由：--despite-gate 理由",
        "Edition {number} is not published, and what parents have stays as it is. Mend it and build again; to publish it all the same "
        "give a reason: --despite-gate REASON",
        FAILED,
    ),
    LastAdministrator: ("这是最后一位管理员，不能停用。", "This is the last administrator, who cannot be revoked.", FAILED),
    LoginTaken: ("登录名 {login} 已经有人用了。", "The login {login} is taken.", USAGE),
    NoEarlierEdition: ("没有更早的版本可以退回。", "There is no earlier edition to roll back to.", FAILED),
    NoEdition: (
        "还没有发布过任何一版。请运行：peiban index build --publish",
        "No edition is published yet. Run: peiban index build --publish",
        FAILED,
    ),
    NoBackup: ("{file} 不是陪伴的备份，或者坏了。", "{file} is no backup of Peiban, or is damaged.", USAGE),
    NotBuilt: (
        "第 {number} 版还没有建好。请运行：peiban editions build {number}",
        "Edition {number} is not built. Run: peiban editions build {number}",
        FAILED,
    ),
    NotEmpty: (
        "数据库里已经有数据。要全部换成备份里的，请加 --force；先备份一次现在的更稳妥。",
        "The database is not empty. To replace everything by the backup add --force; better back up what is there first.",
        FAILED,
    ),
    NothingToBackUp: (
        "这个数据库是空的，没有东西可以备份。请看看 DATABASE_URL 和 DATA_DIR 写对没有。",
        "This database is empty: there is nothing to back up. Look whether DATABASE_URL and DATA_DIR name the right one.",
        FAILED,
    ),
    OtherMajor: ("{message}", "", USAGE),
    AlreadyServing: (
        "这个数据文件夹（DATA_DIR）已经有一个陪伴在用，不能再开一个。请先停下那一个，或者另设 DATA_DIR。",
        "Another Peiban serves from this DATA_DIR already; a second one cannot. Stop it first, or set another DATA_DIR.",
        USAGE,
    ),
    ProgramFailed: ("PostgreSQL 的程序没有成功：{message}", "PostgreSQL's program did not succeed: {message}", FAILED),
    PublishedMeanwhile: (
        "刚才有人发布了另一版，所以这一版没有发布。请看：peiban editions list",
        "Somebody has just published another edition, so this one is not published. See: peiban editions list",
        FAILED,
    ),
    ReasonMissing: ("请写一句为什么。", "A reason is needed, in a sentence.", USAGE),
    StillInUse: ("服务器还在用这个数据库，请先停下它。", "A server still uses this database; stop it first.", FAILED),
    UnknownEdition: ("没有这一版。请看：peiban editions list", "There is no such edition. See: peiban editions list", USAGE),
    UnreviewedPassages: (
        "有 {count} 篇还没有经过本地专家审核，正式环境里不能发布。请在文件里写明 review，导入后再建一版。",
        "{count} passages have not been reviewed by a local expert, and outside development such an edition is not published. "
        "Mark the review in their files, import them and build again.",
        FAILED,
    ),
    Invalid: ("写得不对：{message}", "Not understood: {message}", USAGE),
    NotAllowed: ("不允许：{message}", "Not allowed: {message}", FAILED),
    NotFound: ("没有找到：{message}", "Not found: {message}", USAGE),
    Unavailable: ("暂时用不了：{message}", "Not available at the moment: {message}", FAILED),
    WrongState: ("现在还不行：{message}", "Not possible now: {message}", FAILED),
    OperationalError: (
        "连不上数据库。请检查 DATABASE_URL，或清空它来用自带的数据库。",
        "The database does not answer. Check DATABASE_URL, or leave it empty to use the embedded one.",
        FAILED,
    ),
    ProgrammingError: (
        "数据库的表还不齐。请运行：peiban db upgrade",
        "The database lacks tables. Run: peiban db upgrade",
        FAILED,
    ),
    PermissionError: ("没有权限读写 {filename}。", "There is no permission for {filename}.", FAILED),
    IsADirectoryError: ("{filename} 是文件夹，这里要一个文件。", "{filename} is a folder, a file is needed.", USAGE),
    FileNotFoundError: ("没有 {filename}。", "There is no {filename}.", USAGE),
}


class Sentences(TyperGroup):
    """The command group that turns every foreseen error of its commands into its sentence and exit code."""

    def invoke(self, ctx: Any) -> Any:  # a class of typer's private module
        try:
            return super().invoke(ctx)
        except ValidationError as error:
            _tell_settings(error)
            raise typer.Exit(USAGE) from error
        except tuple(SENTENCES) as error:
            raise typer.Exit(tell(error)) from error


def tell(error: Exception) -> int:
    """Say what `error` means; returns the exit code."""
    zh, en, code = next(SENTENCES[kind] for kind in type(error).__mro__ if kind in SENTENCES)
    facts = {"message": str(error), "filename": getattr(error, "filename", ""), **_facts(error)}
    terminal.say(zh.format_map(facts), en.format_map(facts))
    return code


def _facts(error: Exception) -> dict[str, object]:
    return dict(error.facts) if isinstance(error, PeibanError) else {}


def _tell_settings(error: ValidationError) -> None:
    """By name and rule, never with the value: it may be a secret."""
    for problem in error.errors(include_input=False, include_url=False, include_context=False):
        name = "_".join(str(part) for part in problem["loc"]).upper()
        said = problem["msg"].removeprefix("Value error, ")
        terminal.say(f"设置不对：{name or said}（见 .env.example）", f"A setting is not right: {name} {said}".replace("  ", " "))
