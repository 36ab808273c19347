"""Homework at the console: the queue, the page, a comment in words and by voice, pictures only for whom they are meant."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from app.chat.visitors import TOKEN_COOKIE
from app.console.homework_files import LINK_LASTS
from bot.webchat import identity
from care.families.models import Contact
from care.homework import looking
from care.homework.models import HomeworkComment, HomeworkState, ItemState
from care.services import Services
from kit import clock
from kit.accounts.models import Role
from kit.audit import AuditEntry
from tests.bot.homework_family import homework_of, items_of, jpeg, mother, stored, wait
from tests.console.conftest import Colleague, Hire
from tests.fixtures.talk import Talker

WORDS = {"saw": "您敲了两下就停住", "did": "他也敲了两下", "why": "他有了轮到自己的机会", "step": "他敲几下您就敲几下。"}
OGG = b"OggS a recording"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.frozen(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)):
        yield


def handed_in(services: Services, *, nude: bool = False) -> Talker:
    talker = mother(services).commands("homework").presses("交作业").sends_media(stored(services, jpeg(1)))
    looking.look(services.database, services.blobs, judge=lambda _: 1.0 if nude else 0.0)
    wait(services)
    return talker.looks()


def page(services: Services, who: Colleague) -> str:
    return who.browser.get(f"/console/homework/{homework_of(services).key}").text


def link(text: str) -> str:
    found = re.search(r'src="(/console/homework/file/[^"]+)"', text)
    assert found, "no signed link on the page"
    return found[1]


def views(services: Services) -> list[AuditEntry]:
    with services.database.transaction() as session:
        return list(session.exec(select(AuditEntry).where(AuditEntry.verb == "view_media")))


def test_the_queue_tells_the_task_and_by_when(services: Services, hire: Hire) -> None:
    wang = hire("wang")
    handed_in(services)
    text = wang.browser.get("/console/homework").text
    assert "前点评" in text
    assert "8个月" in text
    assert homework_of(services).owner_id == wang.key
    due = homework_of(services).due_at
    assert due == datetime(2026, 11, 25, 2, 0, 2, tzinfo=UTC), "two working days on"


def test_a_comment_in_four_parts_becomes_one_message(services: Services, hire: Hire) -> None:
    wang, talker = hire("wang"), handed_in(services)
    text = page(services, wang)
    assert "点评看这里" in text
    key = wang.browser.field("key")
    url = f"/console/homework/{homework_of(services).key}/comment"
    for _ in range(2):
        assert wang.browser.send(url, key=key, verdict="done", **WORDS).status_code == 303
    talker.looks()
    assert talker.kinds == ["homework_news"], "sent twice it is one comment"
    assert "我看到您敲了两下就停住。他也敲了两下。他有了轮到自己的机会。" in talker.text
    assert "下回可以试一试：他敲几下您就敲几下。" in talker.text
    assert homework_of(services).state is HomeworkState.DONE
    assert "做好了" in talker.presses_data(f"hw:read:{homework_of(services).key}").text


def test_another_try_and_then_done(services: Services, hire: Hire) -> None:
    wang, talker = hire("wang"), handed_in(services)
    page(services, wang)
    url = f"/console/homework/{homework_of(services).key}/comment"
    wang.browser.submit(url, key="one", verdict="again", **WORDS)
    talker.looks().presses("再交一次").sends_media(stored(services, jpeg(2)))
    wait(services)
    assert "照片 1 张" in talker.looks().text
    page(services, wang)
    wang.browser.submit(url, key="two", verdict="done", **WORDS)
    assert "做好了" in talker.looks().text
    with services.database.transaction() as session:
        assert len(session.exec(select(HomeworkComment)).all()) == 2


def test_a_comment_by_voice(services: Services, hire: Hire) -> None:
    wang, talker = hire("wang"), handed_in(services)
    page(services, wang)
    url = f"/console/homework/{homework_of(services).key}/comment"
    fields = {"form_token": wang.browser.token(), "key": "one", "verdict": "done"}
    broken = wang.browser.client.post(url, data=fields, files={"voice": ("a.ogg", b"MZ a program", "audio/ogg")})
    assert broken.status_code == 422
    large = OGG + bytes(1_000_000)
    assert wang.browser.client.post(url, data=fields, files={"voice": ("a.ogg", large, "audio/ogg")}).status_code == 303
    assert "录了一段话" in talker.looks().text
    heard = wang.browser.client.get(link(page(services, wang).split('class="reply"')[1]))
    assert heard.content == large
    assert heard.headers["content-type"] == "audio/ogg"


def test_the_parent_hears_it_on_her_own_page_only(services: Services, hire: Hire, app: FastAPI) -> None:
    wang, talker = hire("wang"), handed_in(services)
    page(services, wang)
    url = f"/console/homework/{homework_of(services).key}/comment"
    fields = {"form_token": wang.browser.token(), "key": "one", "verdict": "done"}
    wang.browser.client.post(url, data=fields, files={"voice": ("a.ogg", OGG, "audio/ogg")})
    told = talker.looks().shown[0]
    assert services.blobs.get(told.sound) == OGG
    token = identity.new_token()
    with services.database.transaction() as session:
        contact = session.exec(select(Contact).where(Contact.address == talker.address)).one()
        contact.address = identity.address_of(token)
        session.add(contact)
    own = TestClient(app, base_url="http://peiban.test", cookies={TOKEN_COOKIE: token})
    assert own.get(f"/sound/{talker.seen}").content == OGG
    assert "no-store" in own.get(f"/sound/{talker.seen}").headers["cache-control"]
    stranger = TestClient(app, base_url="http://peiban.test", cookies={TOKEN_COOKIE: identity.new_token()})
    assert stranger.get(f"/sound/{talker.seen}").status_code == 404


@pytest.mark.parametrize("missing", list(WORDS))
def test_an_incomplete_comment_comes_back_with_everything_typed(services: Services, hire: Hire, missing: str) -> None:
    wang = hire("wang")
    handed_in(services)
    page(services, wang)
    given = {**WORDS, missing: " "}
    answer = wang.browser.send(f"/console/homework/{homework_of(services).key}/comment", key="k", verdict="done", **given)
    assert answer.status_code == 422
    assert all(words in answer.text for part, words in WORDS.items() if part != missing)


def test_too_long_a_part_is_refused_with_everything_typed(services: Services, hire: Hire) -> None:
    wang = hire("wang")
    handed_in(services)
    assert 'maxlength="300"' not in page(services, wang)
    given = {**WORDS, "why": "长" * 340}
    answer = wang.browser.send(f"/console/homework/{homework_of(services).key}/comment", key="k", verdict="done", **given)
    assert answer.status_code == 422
    assert "多了 40 个" in answer.text
    assert all(words in answer.text for words in given.values())


def test_a_picture_opens_for_its_trainer_and_every_look_is_kept(services: Services, hire: Hire) -> None:
    wang = hire("wang")
    handed_in(services)
    address = link(page(services, wang))
    answer = wang.browser.client.get(address)
    assert answer.content.startswith(b"\xff\xd8")
    assert "no-store" in answer.headers["cache-control"]
    assert [row.staff_id for row in views(services)] == [wang.key]
    part = wang.browser.client.get(address, headers={"range": "bytes=0-1"})
    assert (part.status_code, part.content) == (206, b"\xff\xd8")


def test_a_link_is_for_one_person_and_for_minutes(services: Services, hire: Hire) -> None:
    wang = hire("wang")
    handed_in(services)
    address = link(page(services, wang))
    li, boss = hire("li"), hire("boss", Role.ADMINISTRATOR)
    for other in (li, boss):
        assert other.browser.client.get(address).status_code == 422
    clock.advance(LINK_LASTS + timedelta(seconds=1))
    assert wang.browser.client.get(address).status_code == 422
    assert views(services) == []


def test_after_signing_out_a_link_opens_nothing(services: Services, hire: Hire) -> None:
    wang = hire("wang")
    handed_in(services)
    address = link(page(services, wang))
    wang.browser.submit("/console/sign-out")
    assert wang.browser.client.get(address).status_code == 303


def test_a_colleague_takes_it_over_before_she_sees_anything(services: Services, hire: Hire) -> None:
    hire("wang")
    handed_in(services)
    li = hire("li")
    assert "/console/homework/file/" not in page(services, li)
    url = f"/console/homework/{homework_of(services).key}"
    refused = li.browser.send(f"{url}/comment", key="k", verdict="done", **WORDS)
    assert refused.status_code == 409
    li.browser.submit(f"{url}/take")
    assert homework_of(services).owner_id == li.key
    assert li.browser.client.get(link(page(services, li))).status_code == 200


def test_a_held_back_picture_is_for_the_named_person_alone(services: Services, hire: Hire) -> None:
    boss, second = hire("boss", Role.ADMINISTRATOR), hire("second", Role.ADMINISTRATOR)
    wang = hire("wang")
    handed_in(services, nude=True)
    assert "/console/homework/file/" not in page(services, wang)
    assert second.browser.get("/console/homework/held").status_code == 404
    held = boss.browser.get("/console/homework/held").text
    assert boss.browser.client.get(link(held)).status_code == 200
    number = items_of(services)[0].key
    assert second.browser.send(f"/console/homework/held/{number}/release").status_code in (403, 404)
    boss.browser.submit(f"/console/homework/held/{number}/release")
    assert wang.browser.client.get(link(page(services, wang))).status_code == 200


def test_the_named_person_removes_a_picture_for_good(services: Services, hire: Hire) -> None:
    boss = hire("boss", Role.ADMINISTRATOR)
    hire("wang")
    handed_in(services, nude=True)
    boss.browser.get("/console/homework/held")
    boss.browser.submit(f"/console/homework/held/{items_of(services)[0].key}/remove")
    assert items_of(services)[0].state is ItemState.REMOVED
    assert list(services.blobs.keys("photos")) == []


def test_a_trainer_can_hold_a_picture_back(services: Services, hire: Hire) -> None:
    hire("boss", Role.ADMINISTRATOR)
    wang = hire("wang")
    handed_in(services)
    page(services, wang)
    item = items_of(services)[0]
    wang.browser.submit(f"/console/homework/{homework_of(services).key}/hold", item=str(item.key))
    assert items_of(services)[0].state is ItemState.HELD
    assert "/console/homework/file/" not in page(services, wang)


def test_a_setting_names_the_keeper(services: Services, hire: Hire) -> None:
    hire("boss", Role.ADMINISTRATOR)
    second = hire("second", Role.ADMINISTRATOR)
    object.__setattr__(services.settings, "held_pictures_to", "second")
    assert second.browser.get("/console/homework/held").status_code == 200


def test_pages_are_whole_in_both_languages(services: Services, hire: Hire) -> None:
    boss = hire("boss", Role.ADMINISTRATOR)
    handed_in(services)
    for lang in ("en", "zh"):
        boss.browser.get("/console/me")
        boss.browser.submit("/console/language", lang=lang, next="/console/homework")
        for url in ("", "?shown=waiting", "?shown=again", "?shown=done", "/held", f"/{homework_of(services).key}"):
            answer = boss.browser.get(f"/console/homework{url}")
            assert answer.status_code == 200, url
            assert not re.search(r"<style|\sstyle=|\son[a-z]+=", answer.text)


def test_when_a_trainer_leaves_her_homework_finds_another(services: Services, hire: Hire) -> None:
    boss, wang = hire("boss", Role.ADMINISTRATOR), hire("wang")
    handed_in(services)
    li = hire("li")
    boss.browser.get("/console/staff")
    boss.browser.submit(f"/console/staff/{wang.key}/revoke")
    wait(services)
    assert homework_of(services).owner_id == li.key
    with services.database.transaction() as session:
        told = session.exec(select(AuditEntry).where(AuditEntry.verb == "assign", AuditEntry.thing == "homework"))
        assert len(told.all()) == 2
