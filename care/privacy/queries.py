"""Reads on consent: what she said to each purpose, and whose words may be kept."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from care.families.models import Caregiver
from care.privacy.models import VERSION, Consent, ConsentPurpose, Standing


def newest(session: Session, who: Caregiver, purpose: ConsentPurpose) -> Consent | None:
    """What counts now; None while she was not asked in the present version of the words."""
    query = select(Consent).where(Consent.caregiver_id == who.key, Consent.purpose == purpose, Consent.version == VERSION)
    return session.exec(query.order_by(col(Consent.id).desc()).limit(1)).first()


def standing(session: Session, who: Caregiver, purpose: ConsentPurpose) -> Standing:
    found = newest(session, who, purpose)
    return found.standing if found else Standing.UNASKED


def standings(session: Session, who: Caregiver) -> dict[ConsentPurpose, Standing]:
    """To every purpose, in the order in which they are shown."""
    return {purpose: standing(session, who, purpose) for purpose in ConsentPurpose}


def allows(session: Session, who: Caregiver, purpose: ConsentPurpose) -> bool:
    """Only a yes allows; silence does not."""
    return standing(session, who, purpose) is Standing.GIVEN


def refuses(session: Session, who: Caregiver, purpose: ConsentPurpose) -> bool:
    return standing(session, who, purpose) is Standing.REFUSED


def who_allow(purpose: ConsentPurpose) -> sa.Select[tuple[int]]:
    """The ids of all caregivers whose newest word to `purpose` is yes."""
    of_purpose = sa.select(Consent).where(col(Consent.purpose) == purpose, col(Consent.version) == VERSION)
    one_each = of_purpose.ext(distinct_on(col(Consent.caregiver_id)))
    said = one_each.order_by(col(Consent.caregiver_id), col(Consent.id).desc()).subquery()
    return sa.select(said.c.caregiver_id).where(said.c.given_at.is_not(None), said.c.withdrawn_at.is_(None))
