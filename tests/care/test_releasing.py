"""An edition goes through the gate or stays where it is; whoever overrides it says why; two at once do not both win."""

import json
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from care.editions import actions, releasing
from care.editions.building import build
from care.editions.dangers import name_of
from care.editions.errors import GateClosed, PublishedMeanwhile
from care.editions.verdict import Reason, Verdict
from care.services import Services
from kit.audit import AuditEntry
from knowledge.editions.freezing import freeze
from knowledge.editions.models import Edition, EditionEntry
from knowledge.errors import ReasonMissing
from tests.conftest import GOLD
from tests.fixtures.editions import live

pytestmark = pytest.mark.slow  # each builds editions and asks them the gold questions


def make(services: Services, *, without: int = 0) -> int:
    """The next edition, with so many passages fewer."""
    with services.database.transaction() as session:
        number = freeze(session).key
        entries = session.exec(select(EditionEntry).where(EditionEntry.edition_number == number)).all()
        for entry in entries[:without]:
            session.delete(entry)
    build(services.database, number, library=services.library, blobs=services.blobs)
    return number


def test_an_edition_as_good_as_the_last_goes_live_and_is_checked_once(services: Services) -> None:
    number = make(services)
    checked = releasing.check(services, number)
    assert (checked.passed, checked.against, checked.comparison.asked) == (True, 1, 24)
    releasing.release(services, number)
    assert live(services) == number
    with services.database.transaction() as session:
        edition = session.get_one(Edition, number)
    again = releasing.found(services, edition)
    assert again
    assert again.at == checked.at


def test_a_refused_edition_changes_nothing_and_tells_which_questions_broke(services: Services) -> None:
    number = make(services, without=2)
    with pytest.raises(GateClosed) as closed:
        releasing.release(services, number)
    verdict = closed.value.verdict
    assert Reason.FEWER_RIGHT in verdict.reasons
    assert len(verdict.comparison.broken) >= 10
    assert live(services) == 1


def test_overriding_takes_a_reason_which_is_audited(services: Services) -> None:
    number = make(services, without=2)
    with pytest.raises(ReasonMissing):
        releasing.release(services, number, despite="  ")
    assert live(services) == 1
    releasing.release(services, number, despite="两篇是下架的旧内容")
    assert live(services) == number
    with services.database.transaction() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "publish_despite_gate")).one()
    assert (entry.thing_id, entry.facts["why"]) == (str(number), "两篇是下架的旧内容")
    assert "fewer_right" in entry.facts["reasons"]


def test_what_was_found_beside_another_edition_does_not_count(services: Services) -> None:
    first, second = make(services), make(services)
    releasing.check(services, second)
    releasing.release(services, first)
    releasing.release(services, second)
    with services.database.transaction() as session:
        checked = session.get_one(Edition, second).checked
    assert checked["against"] == first


def test_of_two_at_once_one_wins_and_the_other_is_told(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, hers = make(services), make(services)
    looked = releasing.check

    def meanwhile(services: Services, number: int) -> Verdict:
        verdict = looked(services, number)
        with services.database.transaction() as session:
            actions.publish(session, hers, allow_unreviewed=True)
        return verdict

    monkeypatch.setattr(releasing, "check", meanwhile)
    with pytest.raises(PublishedMeanwhile):
        releasing.release(services, mine)
    assert live(services) == hers


@pytest.fixture
def own_gold(services: Services, tmp_path: Path) -> Path:
    folder = tmp_path / "gold"
    shutil.copytree(GOLD, folder)
    object.__setattr__(services.settings, "gold_dir", folder)
    return folder


def test_a_danger_that_is_not_recognised_any_more_refuses(services: Services, own_gold: Path) -> None:
    """As if a rule that knew this message had gone since the live edition was let through."""
    before = make(services)
    releasing.release(services, before)
    path = own_gold / "danger" / "tuning" / "danger.jsonl"
    rows = path.read_text(encoding="utf-8").splitlines()
    gone = json.loads(rows[0])["text"]
    plain = json.loads(rows[-1])["text"]  # which no rule knows
    with services.database.transaction() as session:
        edition = session.get_one(Edition, before)
    verdict = releasing.found(services, edition)
    assert verdict
    assert verdict.dangers.messages == 3
    assert len(verdict.dangers.recognised) == 2
    seen = verdict.dangers.model_copy(update={"of": "", "recognised": (name_of(gone), name_of(plain))})
    services.blobs.put(f"editions/{before}-gate.json", verdict.model_copy(update={"dangers": seen}).model_dump_json().encode())
    with pytest.raises(GateClosed) as closed:
        releasing.release(services, make(services))
    assert closed.value.verdict.lost_dangers == (plain,)
    assert closed.value.verdict.reasons == (Reason.DANGER_LOST,)


def test_without_questions_nothing_goes_live_unasked(services: Services, own_gold: Path) -> None:
    shutil.rmtree(own_gold)
    with pytest.raises(GateClosed) as closed:
        releasing.release(services, make(services))
    assert closed.value.verdict.reasons == (Reason.NO_QUESTIONS,)


def test_beside_a_broken_edition_it_says_that_nothing_was_compared(services: Services) -> None:
    number = make(services)
    with services.database.transaction() as session:
        session.execute(sa.text("update edition set bundle_sha256 = repeat('0', 64) where number = 1"))
    with pytest.raises(GateClosed) as closed:
        releasing.release(services, number)
    assert closed.value.verdict.reasons == (Reason.NOTHING_BESIDE,)
