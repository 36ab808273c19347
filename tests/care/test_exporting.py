"""The archive that a family takes away."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlmodel import Session

from care.cases.models import CaseKind
from care.families import actions as families
from care.families import sharing
from care.messages import actions as messages
from care.privacy import exporting
from care.privacy.register import of_families
from care.services import Services
from kit import clock
from kit.errors import NotFound
from tests.care.privacy_life import (
    KEY,
    a_case,
    asks,
    mother,
)


def unpacked(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_archive_holds_all_of_hers_and_nothing_of_another(services: Services, session: Session) -> None:
    who, father = mother(session), mother(session, "father")
    child = families.add_child(session, who, birth_month=None, nickname="豆豆")
    code = sharing.share(session, who, child, signing_key=KEY)
    sharing.join(session, father, code, signing_key=KEY)
    key = services.blobs.put_new(b"\xff\xd8\xffphoto", folder="photos")
    asks(session, who, "妈妈问的")
    asks(session, father, "爸爸问的", update="2", address="father")
    case = a_case(services, session, who, CaseKind.UNREADABLE, "妈妈的照片", key=key)
    files = unpacked(exporting.export(session, services.blobs, who))
    assert [content for name, content in files.items() if name.startswith("media/")] == [b"\xff\xd8\xffphoto"]
    rows = json.loads(files["data.json"])
    assert set(rows) == {entry.table for entry in of_families()}
    assert {"caregiver", "contact", "child", "care_of", "question", "message", "case", "case_entry", "inbox_update"} <= {
        table for table, those in rows.items() if those
    }
    assert rows["case"][0]["id"] == case.key
    everything = b"\n".join(files.values()).decode(errors="replace")
    assert "妈妈问的" in everything
    assert "豆豆" in everything
    assert "爸爸" not in everything
    assert father.alias not in everything
    assert "妈妈问的" in files["talk.html"].decode()
    assert "您在「陪伴」的全部资料" in files["README.txt"].decode()
    assert "Everything that Peiban keeps" in files["README.txt"].decode()


def test_the_archive_escapes_what_she_typed(services: Services, session: Session) -> None:
    who = mother(session)
    asks(session, who, "<script>alert(1)</script> 怎么弄")
    assert "<script>" not in unpacked(exporting.export(session, services.blobs, who))["talk.html"].decode()


def test_the_archive_opens_no_door(services: Services, session: Session) -> None:
    who = mother(session)
    code = families.return_code(session, who, signing_key=KEY)
    messages.tell(session, who, kind="relay", key="r", facts={"return_code": code})
    everything = b"\n".join(unpacked(exporting.export(session, services.blobs, who)).values()).decode(errors="replace")
    assert code not in everything
    assert "digest" not in everything


def test_the_link_works_for_half_an_hour_and_is_signed(session: Session, at_noon: None) -> None:
    who = mother(session)
    message = messages.tell(session, who, kind=exporting.LINK_KIND, key="x")
    assert message is not None
    token = exporting.link_token(message, signing_key=KEY)
    assert exporting.by_link(session, token, signing_key=KEY).key == who.key
    with pytest.raises(NotFound):
        exporting.by_link(session, token, signing_key="another key")
    with pytest.raises(NotFound):
        exporting.by_link(session, f"{message.number}.x", signing_key=KEY)
    clock.advance(timedelta(minutes=31))
    with pytest.raises(NotFound):
        exporting.by_link(session, token, signing_key=KEY)
