"""Who stands behind the page in a test: the worker that answers, and an instructor who replies."""

import threading
import time

from sqlmodel import col, select

from bot.dialogue.responding import respond
from bot.inbox import actions as inbox
from bot.inbox.models import InboxUpdate
from bot.webchat import receiving
from bot.webchat.viewing import OPEN
from care.cases import actions as cases
from care.cases.models import Case
from care.messages.models import Message
from care.services import Services
from kit.accounts.actions import create_staff
from kit.accounts.models import Role


class Worker:
    """Answers what lies in the inbox, on a thread; `held` makes it as good as dead."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.held = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._end.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._end.wait(0.02):
            if not self.held:
                self._answer_all()

    def _answer_all(self) -> None:
        with self._services.database.transaction() as session:
            rows = inbox.claim(session)
        for row in rows:
            respond(self._services, receiving.incoming(row))

    def finishes(self) -> None:
        """Until all that came is answered."""
        until = time.monotonic() + 30
        while any(row.state in OPEN for row in self.stored()):
            assert time.monotonic() < until
            time.sleep(0.02)

    def stored(self) -> list[InboxUpdate]:
        with self._services.database.transaction() as session:
            return list(session.exec(select(InboxUpdate).order_by(col(InboxUpdate.id))))

    def kinds(self) -> list[str]:
        """What was said to and by everybody, in order."""
        with self._services.database.transaction() as session:
            return [row.kind for row in session.exec(select(Message).order_by(col(Message.id)))]

    def return_code(self) -> str:
        with self._services.database.transaction() as session:
            rows = session.exec(select(Message).order_by(col(Message.id))).all()
        return next(str(row.facts["return_code"]) for row in reversed(rows) if "return_code" in row.facts)


class Instructor:
    """An administrator, who sees every case."""

    def __init__(self, services: Services) -> None:
        self._services = services
        with services.database.transaction() as session:
            self._staff = create_staff(session, "zhang", name="张", role=Role.ADMINISTRATOR)

    def cases(self) -> list[Case]:
        with self._services.database.transaction() as session:
            return list(session.exec(select(Case).order_by(col(Case.id))))

    def reply(self, text: str) -> None:
        """To the newest case."""
        with self._services.database.transaction() as session:
            case = session.exec(select(Case).order_by(col(Case.id).desc()).limit(1).with_for_update()).one()
            cases.take(session, case, by=self._staff)
            cases.answer(session, case, by=self._staff, text=text, key=f"test-reply:{case.key}:{text}")
