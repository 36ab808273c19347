"""A danger, and a case of somebody to protect, ends with an outcome and a sentence; other cases end as they did."""

import pytest
from sqlmodel import Session, col, select

from care.cases import actions as cases
from care.cases.errors import OutcomeMissing, Unanswered
from care.cases.models import Case, CaseEntry, CaseKind, CaseState, Outcome
from care.families import actions as families
from care.families.models import Channel
from care.safety.models import Category
from care.safety.screening import screen
from care.services import Services
from kit.accounts import actions as accounts
from kit.accounts.models import Role, Staff
from kit.audit import AuditEntry

SENTENCE = "孩子在区医院，妈妈陪着"


def held(services: Services, session: Session, kind: CaseKind, category: str = "") -> tuple[Case, Staff]:
    who = families.meet(session, Channel.WEB, address="mother")
    wang = accounts.create_staff(session, "wang", name="王芳", role=Role.INSTRUCTOR)
    case, _ = cases.open_case(session, who, kind=kind, said=screen("老师在吗"), hours=services.hours)
    case.category = category
    cases.take(session, case, by=wang)
    return case, wang


@pytest.mark.parametrize("outcome", [None, Outcome.SAFE])
@pytest.mark.parametrize("words", ["", "  \n", "长" * 501])
def test_without_an_outcome_and_a_sentence_danger_stays_open(services: Services, outcome: Outcome | None, words: str) -> None:
    with services.database.transaction() as session:
        case, wang = held(services, session, CaseKind.DANGER, "medical")
        with pytest.raises(OutcomeMissing):
            cases.close(session, case, by=wang, outcome=outcome, words=words)
        assert (case.state, case.closed_at) == (CaseState.TAKEN, None)


def test_not_even_the_system_closes_it_silently(services: Services) -> None:
    with services.database.transaction() as session:
        case, _ = held(services, session, CaseKind.DANGER, "medical")
        with pytest.raises(OutcomeMissing):
            cases.close(session, case, by=None)


def test_the_outcome_stands_in_the_history_and_its_sentence_in_no_audit(services: Services) -> None:
    with services.database.transaction() as session:
        case, wang = held(services, session, CaseKind.DANGER, "medical")
        cases.close(session, case, by=wang, outcome=Outcome.IN_CARE, words=f" {SENTENCE} ")
        assert case.outcome is Outcome.IN_CARE
        last = session.exec(select(CaseEntry).order_by(col(CaseEntry.id).desc())).first()
        assert last is not None
        assert last.facts == {"outcome": "in_care", "words": SENTENCE}
        audited = session.exec(select(AuditEntry.facts).where(AuditEntry.verb == "closed")).one()
        assert audited == {"outcome": "in_care"}


def test_opened_again_it_needs_a_new_outcome(services: Services) -> None:
    with services.database.transaction() as session:
        case, wang = held(services, session, CaseKind.DANGER, "medical")
        cases.close(session, case, by=wang, outcome=Outcome.SAFE, words=SENTENCE)
        cases.take(session, case, by=wang)
        assert case.outcome is None
        with pytest.raises(OutcomeMissing):
            cases.close(session, case, by=wang)


@pytest.mark.parametrize(
    ("kind", "category", "needed"),
    [
        (CaseKind.URGENT, Category.ABUSE, True),
        (CaseKind.URGENT, Category.VIOLENCE, True),
        (CaseKind.URGENT, Category.GUARDIANSHIP, True),
        (CaseKind.URGENT, Category.MEDICAL, False),
        (CaseKind.NO_ANSWER, Category.NONE, False),
        (CaseKind.UNREADABLE, Category.UNREADABLE, False),
    ],
)
def test_who_may_need_protection_needs_an_outcome_too(services: Services, kind: CaseKind, category: str, needed: bool) -> None:
    with services.database.transaction() as session:
        case, wang = held(services, session, kind, category)
        if needed:
            with pytest.raises(OutcomeMissing):
                cases.close(session, case, by=wang)
        else:
            with pytest.raises(Unanswered) as waits:
                cases.close(session, case, by=wang)
            entry = waits.value.facts["entry_id"]
            assert isinstance(entry, int)
            cases.close(session, case, by=wang, seen=entry)
            assert case.state is CaseState.CLOSED
