"""Revisions, editions, publication: what is frozen stays, what is unreviewed stays at home, rolling back is one step."""

from pathlib import Path

import pytest
from sqlmodel import Session, select

from care.editions import actions as editions
from care.editions.building import build
from care.editions.queries import answering
from care.services import Services
from kit.errors import WrongState
from knowledge import actions, queries
from knowledge.editions import freezing
from knowledge.editions.models import BuildState, Edition
from knowledge.errors import EmptyCurriculum, NoEarlierEdition, NotBuilt, UnknownEdition, UnreviewedPassages
from knowledge.markdown import Parsed, parse_folder
from knowledge.models import MOVES, Passage, ReviewState, Revision
from tests.fixtures.talk import Talker

PASSAGES = parse_folder(Path(__file__).parents[1] / "fixtures" / "passages")


def reworded(parsed: Parsed, title: str) -> Parsed:
    zh = parsed.content.zh.model_copy(update={"title": title})
    return Parsed(parsed.content.model_copy(update={"zh": zh}), parsed.reviewed, parsed.reviewed_by)


def honey() -> Parsed:
    return next(parsed for parsed in PASSAGES if parsed.content.slug == "honey-under-1")


def test_importing_twice_changes_nothing(session: Session) -> None:
    assert actions.import_passages(session, PASSAGES).new == len(PASSAGES)
    again = actions.import_passages(session, PASSAGES)
    assert (again.new, again.changed, again.unchanged) == (0, 0, len(PASSAGES))


def test_a_change_is_a_new_revision(session: Session) -> None:
    actions.import_passages(session, PASSAGES)
    assert actions.import_passages(session, [reworded(honey(), "蜂蜜等一等")]).changed == 1
    query = select(Revision.number).join(Passage).where(Passage.slug == "honey-under-1")
    assert sorted(session.exec(query)) == [1, 2]


def test_a_file_that_is_gone_is_retired_only_when_asked(session: Session) -> None:
    actions.import_passages(session, PASSAGES)
    rest = [parsed for parsed in PASSAGES if parsed != honey()]
    assert actions.import_passages(session, rest).retired == 0
    assert actions.import_passages(session, rest, retire_missing=True).retired == 1
    assert "honey-under-1" not in [revision.says().slug for revision in queries.approved(session)]


def test_an_empty_curriculum_is_not_frozen(session: Session) -> None:
    with pytest.raises(EmptyCurriculum):
        freezing.freeze(session)


@pytest.mark.parametrize("state", list(ReviewState))
def test_a_revision_moves_only_along_the_table(session: Session, state: ReviewState) -> None:
    actions.import_passages(session, PASSAGES)
    revision = queries.approved(session)[0]
    for target in ReviewState:
        revision.state = state
        if target in MOVES[state]:
            actions.move(session, revision, to=target, by=1, reviewer="周医生")
        else:
            with pytest.raises(WrongState):
                actions.move(session, revision, to=target, by=1)


def test_what_is_not_built_is_not_published(session: Session) -> None:
    actions.import_passages(session, PASSAGES)
    edition = freezing.freeze(session)
    with pytest.raises(NotBuilt):
        editions.publish(session, edition.key, allow_unreviewed=True)
    with pytest.raises(UnknownEdition):
        editions.publish(session, 999, allow_unreviewed=True)


def test_unreviewed_passages_stay_at_home_outside_development(session: Session) -> None:
    actions.import_passages(session, PASSAGES)
    edition = freezing.freeze(session)
    edition.state = BuildState.BUILT
    with pytest.raises(UnreviewedPassages):
        editions.publish(session, edition.key, allow_unreviewed=False)


def test_there_is_nothing_before_the_first(session: Session) -> None:
    with pytest.raises(NoEarlierEdition):
        editions.roll_back(session, allow_unreviewed=True)


def new_edition(services: Services, batch: list[Parsed]) -> int:
    with services.database.transaction() as session:
        actions.import_passages(session, batch)
        number = freezing.freeze(session).key
    build(services.database, number, library=services.library, blobs=services.blobs)
    return number


def publish(services: Services, number: int) -> None:
    with services.database.transaction() as session:
        editions.publish(session, number, allow_unreviewed=True)
    follow(services)


def follow(services: Services) -> None:
    with services.database.transaction() as session:
        services.library.follow(freezing.published(session), services.blobs)


def test_a_new_edition_answers_the_next_question_and_rolling_back_the_one_after(services: Services) -> None:
    asked = "八个月的娃可以吃蜂蜜不"
    before = services.library.current().number
    number = new_edition(services, [reworded(honey(), "蜂蜜等满一岁")])
    assert "一口都不要给" in Talker(services, "a").says(asked).text
    publish(services, number)
    assert "蜂蜜等满一岁" in Talker(services, "b").says(asked).text
    with services.database.transaction() as session:
        assert editions.roll_back(session, allow_unreviewed=True).number == before
    follow(services)
    assert "一口都不要给" in Talker(services, "c").says(asked).text


def test_only_changed_texts_are_embedded_again(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded: list[str] = []
    encode = services.library.encoder.encode

    class Counting:
        name, dimensions = services.library.encoder.name, services.library.encoder.dimensions
        fingerprint = services.library.encoder.fingerprint

        def encode(self, texts):  # type: ignore[no-untyped-def]
            embedded.extend(texts)
            return encode(texts)

    monkeypatch.setattr(services.library, "encoder", Counting())
    new_edition(services, [reworded(honey(), "蜂蜜等满一岁")])
    assert embedded
    assert all("蜂蜜" in text for text in embedded)


def test_the_same_edition_builds_to_the_same_bytes(services: Services) -> None:
    number = new_edition(services, [reworded(honey(), "蜂蜜等满一岁")])
    with services.database.transaction() as session:
        first = session.get_one(Edition, number).bundle_sha256
    build(services.database, number, library=services.library, blobs=services.blobs)
    with services.database.transaction() as session:
        assert session.get_one(Edition, number).bundle_sha256 == first


def test_a_failed_build_changes_nothing_and_says_why(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    before = services.library.current().number
    with services.database.transaction() as session:
        number = freezing.freeze(session).key
    monkeypatch.setattr("care.editions.bundles.build", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        build(services.database, number, library=services.library, blobs=services.blobs)
    with services.database.transaction() as session:
        edition = session.get_one(Edition, number)
    assert edition.state is BuildState.FAILED
    assert "ZeroDivisionError" in edition.failure
    follow(services)
    assert services.library.current().number == before


def test_outside_development_an_unreviewed_edition_answers_nobody(services: Services) -> None:
    with services.database.transaction() as session:
        assert answering(session, allow_unreviewed=True) is not None
        assert answering(session, allow_unreviewed=False) is None
