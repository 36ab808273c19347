"""Who was forgotten, told so that only who knows a contact finds it again: kept in the database and, since a restored database
does not know what came after its backup, as small files in the blob store, one a forgetting, never changed."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session, select

from care.families.models import Caregiver, Child, Contact
from care.privacy.erasing import Counts, remove_file
from care.privacy.models import Forgotten
from kit.blobs import Blobs

FOLDER = "privacy/forgotten"
_LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"


@dataclass(frozen=True, slots=True)
class Entry:
    """`who` are digests of the caregiver's alias and contacts; `child` is set when only one child of hers was forgotten."""

    number: str
    at: datetime
    who: tuple[str, ...]
    child: str = ""


def new_number() -> str:
    """Short enough to be read out on the telephone."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))


def digest_of_alias(alias: str, signing_key: str) -> str:
    return _digest(f"alias:{alias}", signing_key)


def digest_of_contact(channel: str, address: str, signing_key: str) -> str:
    return _digest(f"contact:{channel}:{address}", signing_key)


def digest_of_child(child: Child, signing_key: str) -> str:
    """By its moment too: after a restore another child may get the same number."""
    return _digest(f"child:{child.key}:{child.created_at.timestamp():.6f}", signing_key)


def _digest(what: str, signing_key: str) -> str:
    """Keyed, since a Telegram number alone could be found by trying them all."""
    return hmac.new(signing_key.encode(), f"forgotten:{what}".encode(), hashlib.sha256).hexdigest()


def digests_of(session: Session, who: Caregiver, signing_key: str) -> tuple[str, ...]:
    contacts = session.exec(select(Contact).where(Contact.caregiver_id == who.key))
    named = [digest_of_contact(one.channel, one.address, signing_key) for one in contacts]
    return (digest_of_alias(who.alias, signing_key), *named)


def write(session: Session, blobs: Blobs, entry: Entry, *, counts: Counts) -> None:
    """The file first: were the commit to fail, a restore would only forget somebody who asked for it."""
    content = json.dumps({**asdict(entry), "at": entry.at.isoformat()}).encode()
    blobs.put(f"{FOLDER}/{entry.at:%Y%m%dT%H%M%S}-{entry.number}.json", content)
    told = [*entry.who, *([entry.child] if entry.child else [])]
    session.add(Forgotten(number=entry.number, digests=told, counts=dict(counts), at=entry.at))
    session.flush()


def entries(blobs: Blobs) -> Iterator[Entry]:
    for key in sorted(blobs.keys(FOLDER)):
        told = json.loads(blobs.get(key))
        yield Entry(told["number"], datetime.fromisoformat(told["at"]), tuple(told["who"]), told["child"])


def drop_old(blobs: Blobs, *, before: datetime) -> None:
    """Its name begins with its day."""
    for key in list(blobs.keys(FOLDER)):
        if key.removeprefix(f"{FOLDER}/")[:15] < f"{before:%Y%m%dT%H%M%S}":
            remove_file(blobs, key)


def note_missing(session: Session, told: Iterable[Entry]) -> None:
    """A restored database learns of the forgettings that came after it."""
    there = set(session.exec(select(Forgotten.number)))
    for entry in told:
        if entry.number not in there:
            digests = [*entry.who, *([entry.child] if entry.child else [])]
            session.add(Forgotten(number=entry.number, digests=digests, at=entry.at))
    session.flush()


def known(session: Session, signing_key: str) -> Iterator[tuple[int, set[str]]]:
    """Every caregiver there is, with her digests."""
    digests: dict[int, set[str]] = {}
    for key, alias in session.exec(select(Caregiver.id, Caregiver.alias)).all():
        if key is not None:
            digests[key] = {digest_of_alias(alias, signing_key)}
    for owner, channel, address in session.exec(select(Contact.caregiver_id, Contact.channel, Contact.address)).all():
        digests[owner].add(digest_of_contact(channel, address, signing_key))
    yield from digests.items()
