"""What she decides about her own data: consent, archive, forgetting, a clean screen, leaving a phone, sharing a child."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from bot.dialogue import browsing, flows, ongoing
from bot.dialogue.turn import Turn
from bot.wording import render
from care.families import actions as families
from care.families import queries as reading
from care.families import sharing
from care.families.errors import UnknownShareCode
from care.families.models import Channel, Child
from care.messages import actions as messages
from care.messages.models import Message, MessageState
from care.privacy import actions as consents
from care.privacy import erasing, exporting, forgetting, queries
from care.privacy.forgetting import Receipt
from care.privacy.models import VERSION, ConsentPurpose, Standing
from care.services import Services
from kit import clock
from kit.errors import NotFound
from kit.limits import TooManyAttempts

SIGNED_IN_LATELY = timedelta(days=1)


def ask_consent_once(turn: Turn) -> None:
    """After an answer, in passing and only once; never beside another question of ours."""
    dialog = flows.current(turn)
    if ongoing.child_writes(turn) or (
        dialog and (not dialog.facts.get("passing") or dialog.facts.get("since") == turn.incoming.key)
    ):
        return
    if queries.standing(turn.session, turn.who, ConsentPurpose.ANSWERING) is Standing.UNASKED:
        turn.say("ask_consent", key=f"asked-once:consent:{VERSION}:{turn.who.key}")


def panel(turn: Turn) -> None:
    turn.say("privacy")


def decide(turn: Turn, purpose: str, given: str, *, alone: bool = False) -> None:
    """A button of one purpose; pressed twice it changes nothing. `alone`: the others are not offered now."""
    chosen = ConsentPurpose(purpose)
    consents.decide(turn.session, turn.services.blobs, turn.who, purpose=chosen, given=given == "1")
    turn.say("consent_saved", purpose=chosen.value, given=given == "1", alone=alone)


def _proven(turn: Turn) -> bool:
    """A phone goes from hand to hand: on the web what cannot be undone needs a browser tied to her within a day, or her return
    code. Who never got a code has nothing to prove it with, and may."""
    if turn.incoming.channel is Channel.TELEGRAM or not families.has_return_code(turn.session, turn.who):
        return True
    if reading.tied_lately(turn.session, turn.incoming.channel, address=turn.incoming.address, within=SIGNED_IN_LATELY):
        return True
    turn.say("need_code")
    return False


def hand_out(turn: Turn) -> None:
    """A link to her archive that works for half an hour."""
    if _proven(turn):
        turn.say("export_link")


def archive(services: Services, token: str) -> bytes:
    """The zip archive behind such a link. Raises NotFound when it is too old or not ours."""
    with services.database.transaction() as session:
        who = exporting.by_link(session, token, signing_key=services.signing_key)
        return exporting.export(session, services.blobs, who, wording=lambda one, row: as_read(services, one, row))


def as_read(services: Services, session: Session, message: Message) -> str:
    """A message in the words in which it stands in her talk."""
    return "\n".join(block.text for block in render(session, message, services).blocks)


def forget(turn: Turn, what: str = "all", *rest: str) -> None:
    """`forget:all`, `forget:child`, `forget:child:<id>`, each asked back once and done with a last `yes`."""
    sure = rest[-1:] == ("yes",)
    if not _proven(turn):
        return
    if what == "all":
        _forget_all(turn, sure=sure)
    elif what == "child":
        _forget_child(turn, *rest[:1], sure=sure)
    else:
        raise NotFound


def _forget_all(turn: Turn, *, sure: bool) -> None:
    if not sure:
        turn.say("ask_forget", open_cases=len(forgetting.what_stays(turn.session, turn.who)))
        return
    receipt = forgetting.forget_caregiver(
        turn.session, turn.services.blobs, turn.who, signing_key=turn.services.signing_key
    )  # fmt: skip
    turn.say("forgotten", **_told(receipt))


def _forget_child(turn: Turn, child_id: str = "", *, sure: bool) -> None:
    known = reading.children(turn.session, turn.who)
    if not known:
        turn.say("children", child_ids=[], current=None)
    elif not child_id and len(known) > 1:
        turn.say("ask_forget_which", child_ids=[child.key for child in known])
    elif not sure:
        child = _own_child(turn, child_id) if child_id else known[0]
        turn.say("ask_forget", child_id=child.key, only=len(known) == 1)
    else:
        receipt = forgetting.forget_child(
            turn.session, turn.services.blobs, turn.who, _own_child(turn, child_id), signing_key=turn.services.signing_key
        )
        turn.say("forgotten", child=True, **_told(receipt))


def _own_child(turn: Turn, child_id: str) -> Child:
    found = next((one for one in reading.children(turn.session, turn.who) if one.key == int(child_id)), None)
    if found is None:
        raise NotFound
    return found


def _told(receipt: Receipt) -> dict[str, Any]:
    return {
        "number": receipt.number,
        "at": receipt.at.isoformat(),
        "erased": receipt.erased,
        "open_cases": sum(one.until is None for one in receipt.stays),
        "kept_until": max((one.until.isoformat() for one in receipt.stays if one.until), default=""),
        "shared": receipt.shared,
    }


def clear(turn: Turn) -> None:
    """Danger and talk with a person go from the screen, and from the chat where its service lets us. What she has not seen stays."""
    words = col(Message.facts)["text"].astext
    told = sa.and_(
        col(Message.state) == MessageState.SAID, erasing.asked_a_person(col(Message.caregiver_id), words)
    )  # fmt: skip
    these = sa.or_(col(Message.case_id).is_not(None), col(Message.kind) == "ask_person_words", told)
    seen = col(Message.state).not_in([MessageState.QUEUED, MessageState.SENDING])
    messages.clear(turn.session, turn.who, sa.and_(these, seen))
    ongoing.go_on_to_others(turn)
    turn.say("cleared")


def leave(turn: Turn, sure: str = "") -> None:
    """This browser forgets her; a fresh code leads back. A chat service's own app is left in that app."""
    if turn.incoming.channel is not Channel.WEB:
        raise NotFound
    if sure != "yes":
        code = families.return_code(turn.session, turn.who, signing_key=turn.services.signing_key)
        turn.say("leaving", return_code=code)
        return
    erasing.erase_raw(turn.session, erasing.hers(turn.who), before=clock.now())
    families.leave(turn.session, turn.incoming.channel, address=turn.incoming.address)


def share(turn: Turn, child_id: str = "") -> None:
    """A code with which somebody else of the family joins, and who has joined."""
    known = reading.children(turn.session, turn.who)
    child = _own_child(turn, child_id) if child_id else reading.current_child(turn.session, turn.who)
    if child is None:
        turn.say("ask_share_which", child_ids=[one.key for one in known]) if known else browsing.children(turn)
        return
    code = sharing.share(turn.session, turn.who, child, signing_key=turn.services.signing_key)
    joined = sharing.others(turn.session, turn.who, child) if sharing.may_remove(turn.session, turn.who, child) else []
    told = [{"caregiver_id": one.caregiver_id, "since": one.since.isoformat()} for one in joined]
    turn.say("share_code", code=code, child_id=child.key, others=told)


def join(turn: Turn, code: str) -> None:
    """Her words are a code that somebody of the family gave her."""
    try:
        sharing.count_try(turn.session, address=f"{turn.incoming.channel}:{turn.incoming.address}")
        child = sharing.join(turn.session, turn.who, code, signing_key=turn.services.signing_key)
    except TooManyAttempts:
        turn.say("join_later")
    except UnknownShareCode:
        turn.say("join_unknown")
    else:
        turn.say("joined", child_id=child.key)


def unshare(turn: Turn, child_id: str, other_id: str) -> None:
    sharing.remove(turn.session, turn.who, _own_child(turn, child_id), other_id=int(other_id))
    turn.say("unshared")
