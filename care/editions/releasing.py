"""The release of an edition: checked at the gate against the one that parents have, then published, or refused with the reasons.

Several short transactions around the long work. What the gate found is kept in the blob store, so that the page shows it and
publishing does not wait for it again.
"""

import hashlib
import time
from pathlib import Path

import sqlalchemy as sa
from pydantic import ValidationError
from sqlmodel import col

import care.questions
import care.safety
import index
from care.editions import actions, bundles
from care.editions.bundles import OpenEdition
from care.editions.errors import GateClosed, PublishedMeanwhile
from care.editions.verdict import Dangers, Verdict
from care.questions.gold import GoldQuestion, Half, read_gold
from care.recalls import queries as recalls
from care.services import Services
from index.encoders import open_encoder
from index.remembering import RememberingEncoder
from kit import audit, clock
from kit.errors import NotFound, PeibanError
from knowledge.editions import freezing
from knowledge.editions.models import Edition
from knowledge.errors import ReasonMissing

_MEASURED_WITH = tuple(Path(package.__path__[0]) for package in (index, care.questions, care.safety))
_FIRST_ASKS = 4
"""Of an installation's first edition one question in four is asked: it has only the floor to stay above, and people wait for it."""


def release(services: Services, number: int, *, by: int | None = None, despite: str | None = None) -> Edition:
    """Publish edition `number` if the gate lets it through; publishing the published one again changes nothing.

    `despite` is the reason why it goes live although it was refused, and is written to the audit; who may say so is the
    caller's business. Raises GateClosed, PublishedMeanwhile, ReasonMissing, and what `actions.publish` raises.
    """
    if despite is not None and not despite.strip():
        raise ReasonMissing
    with services.database.transaction() as session:
        edition = actions.publishable(session, number, allow_unreviewed=services.allow_unreviewed)
        live = freezing.published(session)
    if live and live.key == number:
        return edition
    verdict = kept(services, edition, live) or check(services, number)
    if not verdict.passed and despite is None:
        raise GateClosed(verdict)
    with services.database.transaction() as session:
        edition = actions.publishable(session, number, allow_unreviewed=services.allow_unreviewed)
        live = freezing.published(session)
        if live and live.key == number:
            return edition
        if (live.key if live else None) != verdict.against:
            raise PublishedMeanwhile
        if not verdict.passed:
            reasons = [reason.value for reason in verdict.reasons]
            facts = {"reasons": reasons, "why": (despite or "").strip()[:500]}
            audit.record(session, "publish_despite_gate", thing="edition", thing_id=number, staff_id=by, **facts)
        return actions.publish(session, number, allow_unreviewed=services.allow_unreviewed, by=by)


def check(services: Services, number: int) -> Verdict:
    """Compare a built edition with the live one, and keep what was found. Raises UnknownEdition or NotBuilt."""
    with services.database.transaction() as session:
        edition = actions.publishable(session, number, allow_unreviewed=True)
        live = freezing.published(session)
        wrong = recalls.withheld(session)
    verdict = _judge(services, edition, live if live and live.key != number else None, wrong=wrong)
    services.blobs.put(_place(number), verdict.model_dump_json().encode())
    first = verdict.comparison.now["right_first"]
    told = {"of": verdict.of, "against": verdict.against, "reasons": [reason.value for reason in verdict.reasons]}
    with services.database.transaction() as session:
        checked = {**told, "right_first": round(first.value, 4), "asked": first.of}
        session.execute(sa.update(Edition).where(col(Edition.number) == number).values(checked=checked))
    return verdict


def found(services: Services, edition: Edition) -> Verdict | None:
    """What the gate found last, be it outdated; None when the edition was never checked."""
    if not edition.checked:
        return None
    try:
        return Verdict.model_validate_json(services.blobs.get(_place(edition.key)))
    except (NotFound, ValidationError):
        return None


def kept(services: Services, edition: Edition, live: Edition | None) -> Verdict | None:
    """What the gate found, if checking again could find nothing else."""
    verdict = found(services, edition)
    with services.database.transaction() as session:
        wrong = recalls.withheld(session)
    return verdict if verdict and verdict.of == _depends_on(services, edition, live, wrong=wrong) else None


def _judge(services: Services, edition: Edition, live: Edition | None, *, wrong: frozenset[int]) -> Verdict:
    """Without the revisions that are `wrong` on either side: no edition is refused for lacking what was recalled."""
    # Imported here alone: scipy costs a second and a half, and a server that publishes nothing must not pay it.
    from care.editions import dangers, gate  # noqa: PLC0415

    encoder = RememberingEncoder(services.library.encoder, folder=services.library.cache)
    candidate = bundles.read(services.library.folder_of(edition, services.blobs), encoder).withholding(wrong)
    opened = _open(services, live, encoder) if live else None
    beside = opened.withholding(wrong) if opened else None
    questions = _questions(services.settings.gold_dir, first=live is None)
    began = time.monotonic()
    seen = _seen_before(services, live) if live else Dangers()
    now = dangers.recognised(services.settings.gold_dir, before=seen) if live else seen
    left = gate.BUDGET_S - (time.monotonic() - began)
    comparison = gate.compare(candidate, beside, questions=questions, budget_s=max(left, gate.LEAST_S))
    encoder.keep()
    return Verdict(
        number=edition.key,
        against=live.key if live else None,
        of=_depends_on(services, edition, live, wrong=wrong),
        at=clock.now(),
        comparison=comparison,
        dangers=now,
        lost_dangers=dangers.lost(services.settings.gold_dir, before=seen, now=now),
        beside=live is None or beside is not None,
    )


def _questions(gold: Path, *, first: bool) -> list[GoldQuestion]:
    """The half that may be looked at as often as one likes. Questions that editors add on their page will join them here."""
    try:
        questions = read_gold(gold / "questions", half=Half.TUNING)
    except NotFound:
        return []
    return questions[::_FIRST_ASKS] if first else questions


def _open(services: Services, live: Edition, encoder: RememberingEncoder) -> OpenEdition | None:
    """With the model it was built by, which may be another. None when it cannot be opened at all."""
    model = str(live.manifest.get("model", encoder.name))
    try:
        folder = services.library.folder_of(live, services.blobs)
        return bundles.read(folder, encoder if model == encoder.name else open_encoder(model))
    except PeibanError:
        return None


def _seen_before(services: Services, live: Edition) -> Dangers:
    verdict = found(services, live)
    return verdict.dangers if verdict else Dangers()


def _place(number: int) -> str:
    return f"editions/{number}-gate.json"


def _depends_on(services: Services, edition: Edition, live: Edition | None, *, wrong: frozenset[int]) -> str:
    """Both bundles, what is withheld of them, the program that measures, and the questions."""
    digest = hashlib.sha256(f"{edition.bundle_sha256} {live.bundle_sha256 if live else ''} {sorted(wrong)}".encode())
    gold = services.settings.gold_dir
    paths = [path for folder in _MEASURED_WITH for path in folder.iterdir() if path.is_file()]
    for path in sorted([*paths, *(gold / "questions").glob("*.jsonl"), *gold.glob("danger/tuning/danger.jsonl")]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
