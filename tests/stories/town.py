"""A town for stories in Telegram: the program as `peiban serve` runs it, and people who talk to it through the stand-in server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from fastapi import FastAPI
from sqlmodel import col, select

from app.rehearsal.people import Person
from app.rehearsal.telegram_server import TelegramServer
from app.workers.running import beside
from care.cases.hours import DutyHours
from care.families.models import Caregiver, Contact
from care.messages.models import Message
from care.services import Services
from kit import tokens
from kit.accounts import actions as accounts
from kit.accounts.models import Role
from tests.telegram.conftest import until

NO_ANSWER = "娃儿学走路要不要穿鞋"
HONEY = "八个月的娃可以吃蜂蜜不"
HONEY_ANSWERED = "一岁前，蜂蜜一口都不要给"
NOT_WAKING = "宝宝喊不醒 嘴巴乌了"


@dataclass
class Town:
    server: TelegramServer
    services: Services

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """The program runs; leaving stops it, and it can be opened again on what it kept."""
        async with beside(FastAPI(), self.services):
            yield

    def mother(self, name: str = "李妈妈", *, language_code: str = "zh") -> Person:
        return self.server.person(name, language_code=language_code)

    async def teacher(self, login: str, name: str) -> Person:
        """An instructor who opened her link in Telegram. The town must be open."""
        with self.services.database.transaction() as session:
            staff = accounts.create_staff(session, login, name=name, role=Role.INSTRUCTOR)
            lasts = timedelta(minutes=30)
            token = tokens.issue(session, tokens.TokenPurpose.STAFF_TELEGRAM, subject_id=staff.key, lasts=lasts)
        person = self.server.person(name)
        await person.starts(f"s_{token}")
        await person.expects("连上了")
        return person

    def with_hours(self, hours: str) -> "Town":
        return replace(self, services=replace(self.services, hours=DutyHours.parse(hours)))

    def alias(self, person: Person) -> str:
        with self.services.database.transaction() as session:
            query = select(Caregiver.alias).join(Contact, col(Contact.caregiver_id) == col(Caregiver.id))
            return session.exec(query.where(Contact.address == str(person.user_id))).one()

    def kinds(self, person: Person) -> list[str]:
        """The kinds of all messages queued for her, oldest first."""
        with self.services.database.transaction() as session:
            query = select(Message.kind).where(Message.address == str(person.user_id), Message.kind != "said")
            return list(session.exec(query.order_by(col(Message.id))))

    async def follows_edition(self, number: int) -> None:
        """Until the running program answers from this edition."""
        await until(lambda: self.services.library.current().number == number)
