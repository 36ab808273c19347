"""Verbs on consent. A yes or a no takes effect in the transaction that says it."""

from sqlmodel import Session

from care.families.models import Caregiver
from care.privacy import erasing
from care.privacy.models import VERSION, Consent, ConsentPurpose, Standing
from care.privacy.queries import newest
from kit import audit, clock
from kit.blobs import Blobs


def decide(session: Session, blobs: Blobs, who: Caregiver, *, purpose: ConsentPurpose, given: bool) -> None:
    """Keep her yes or no; saying the same again changes nothing. A no also erases what was kept for the purpose."""
    wanted = Standing.GIVEN if given else Standing.REFUSED
    before = newest(session, who, purpose)
    if before is not None and before.standing is wanted:
        return
    if before is not None and not given:
        before.withdrawn_at = clock.now()
        session.add(before)
    else:
        session.add(_said(who, purpose, given=given))
    audit.record(session, "consent", thing="caregiver", thing_id=who.key, purpose=purpose.value, given=given)
    session.flush()
    if not given:
        _take_back(session, blobs, who, purpose)


def _said(who: Caregiver, purpose: ConsentPurpose, *, given: bool) -> Consent:
    now = clock.now()
    at = (now, None) if given else (None, now)
    return Consent(caregiver_id=who.key, purpose=purpose, version=VERSION, given_at=at[0], withdrawn_at=at[1])


def _take_back(session: Session, blobs: Blobs, who: Caregiver, purpose: ConsentPurpose) -> None:
    """What was done with it before stays lawful (PIPL art. 15); what is still here goes (art. 47)."""
    match purpose:
        case ConsentPurpose.ANSWERING:
            erasing.erase_words(session, erasing.hers(who), before=clock.now())
        case ConsentPurpose.IMPROVING:
            erasing.erase_remarks(session, erasing.hers(who), before=clock.now())
        case ConsentPurpose.PHOTOS:
            erasing.erase_media(session, blobs, erasing.hers(who), closed_before=clock.now())
            erasing.erase_homework_media(session, blobs, erasing.hers(who))
        case ConsentPurpose.RESEARCH:
            return  # nothing is kept for it yet, so there is nothing to take back
