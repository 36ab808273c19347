"""`peiban staff`: accounts of the people who work here, from the machine's own terminal."""

from collections.abc import Iterable, Iterator
from typing import Annotated

import typer
from sqlmodel import Session

from app import serving
from app.cli import terminal
from app.cli.subjects import subject
from care.cases.hours import DutyHours
from care.people import actions as people
from kit import clock
from kit.accounts import actions, queries
from kit.accounts.models import Role, Staff
from kit.errors import NotFound
from kit.settings import Settings

program = subject("工作人员的账号。 Accounts of staff.")

Login = Annotated[str, typer.Argument(help="登录名。 Login.")]


@program.command("list")
def show_all() -> None:
    """所有账号。 All accounts."""
    with serving.open_database(Settings()) as database, database.transaction() as session:
        terminal.show(
            "登录名 Login", "姓名 Name", "角色 Role", "Telegram", "停用 Revoked", rows=_rows(queries.everybody(session))
        )


@program.command()
def create(
    login: Login,
    name: Annotated[str, typer.Option(help="姓名。 Name.")],
    role: Annotated[Role, typer.Option(help="角色。 Role.")] = Role.INSTRUCTOR,
) -> None:
    """新账号，一次性密码显示在这里，24 小时内有效。 A new account; its one-time password is shown here, good for 24 hours."""
    with serving.open_database(Settings()) as database, database.transaction() as session:
        password = actions.give_one_time_password(session, actions.create_staff(session, login, name=name, role=role))
    show_password(login, password)


@program.command()
def reset(login: Login) -> None:
    """忘了密码：给一个新的一次性密码。 A lost password: a fresh one-time one. Ends the account's sessions."""
    with serving.open_database(Settings()) as database, database.transaction() as session:
        password = actions.give_one_time_password(session, _active(session, login))
    show_password(login, password)


@program.command()
def revoke(login: Login, by: Annotated[str, typer.Option(help="由哪位管理员停用。 Login of whoever decides it.")]) -> None:
    """停用账号，手上的个案放回待接。 End an account; the cases it held go back among the open ones."""
    settings = Settings()
    with serving.open_database(settings) as database, database.transaction() as session:
        hours = DutyHours.parse(settings.duty_hours)
        returned = people.revoke(
            session, _active(session, login), by=_active(session, by).key, hours=hours, addresses=len(settings.duty_addresses),
            last=bool(settings.duty_last),
        )  # fmt: skip
    terminal.say(f"{login} 已停用，{returned} 个个案放回待接。", f"{login} is revoked; {returned} cases are open again.")


def show_password(login: str, password: str) -> None:
    """On stdout and nowhere else."""
    typer.echo(f"登录名 Login: {login}\n一次性密码 One-time password: {password}")
    terminal.say("24 小时内有效，第一次登录时要改。", "It is good for 24 hours and must be changed at the first sign-in.")


def _active(session: Session, login: str) -> Staff:
    staff = queries.by_login(session, login)
    if staff is None or staff.revoked_at:
        raise NotFound(login)
    return staff


def _rows(staff: Iterable[Staff]) -> Iterator[tuple[object, ...]]:
    for one in staff:
        revoked = one.revoked_at.astimezone(clock.CHINA).strftime("%Y-%m-%d") if one.revoked_at else ""
        yield one.login, one.name, one.role.value, "✓" if one.telegram_address else "", revoked
