"""Pictures of every page, in both widths and languages: scripts/screenshots [--out FOLDER] [--only NAME] [--lang zh|en].

It starts the whole product on a database that is thrown away, and fills it with made-up families.
"""

import argparse
import os
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import time as hour
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pydantic import SecretStr
from sqlmodel import Session

from app import serving
from app.console.reader import cookie_name
from app.web.application import create_app
from app.web.languages import as_lang, translate
from app.workers.jobs import make_app
from app.workers.running import beside
from care.cases import actions as cases
from care.cases.actions import Media
from care.cases.models import Case, CaseKind
from care.families.actions import add_child, meet
from care.families.models import Channel
from care.people import actions as people
from care.places import queries as places
from care.roster import actions as roster
from care.safety import screen, unreadable
from care.services import Services
from kit import clock, tokens
from kit.accounts import actions as accounts
from kit.accounts.models import Role, Staff
from kit.embedded import temporary
from kit.settings import Settings
from knowledge import drafts, reviewing, writing
from knowledge import queries as curriculum
from knowledge.editions.freezing import freeze
from knowledge.editions.models import BuildState
from knowledge.queries import Wanted

NIGHT = (hour(20), hour(8, 30))
SIZES = {390: (844, 2), 1280: (800, 1)}  # width to height and pixels a point
COLOURS = 96


@dataclass(frozen=True, slots=True)
class Town:
    """What the pages are about."""

    boss: Staff
    wang: Staff
    ning: Staff
    written: int
    danger: int
    protected: int
    plain: int
    answered: int
    invitation: str
    link: str


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path, default=Path("docs/pictures"))
    asked.add_argument("--only", default="")
    asked.add_argument("--lang", choices=["zh", "en"])
    given = asked.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with installation() as services:
        serving.prepare(services)
        with services.database.transaction() as session:
            town = settle(session, services)
        with served(services) as address, sync_playwright() as playwright:
            path = os.environ.get("PEIBAN_CHROMIUM", "/usr/bin/chromium")
            arguments = ["--no-sandbox", "--disable-background-networking"]
            browser = playwright.chromium.launch(executable_path=path, args=arguments)
            for lang in [given.lang] if given.lang else ["zh", "en"]:
                for width in SIZES:
                    take_all(browser, services, address, town, out=given.out, lang=lang, width=width, only=given.only)
            browser.close()


@contextmanager
def installation() -> Iterator[Services]:
    with temporary() as server, tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data_dir=Path(folder),
            database_url=SecretStr(server.url()),
            duty_hours="00:00-23:59",
            operator_name="荣昌区家庭教育指导中心",
        )
        with serving.open_services(settings) as services:
            yield services


@contextmanager
def served(services: Services) -> Iterator[str]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with beside(app, services):
            yield

    app = create_app(services, jobs=make_app(services.database.url), lifespan=lifespan)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", proxy_headers=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def settle(session: Session, services: Services) -> Town:
    boss = colleague(session, "chen", "陈主任", Role.ADMINISTRATOR)
    wang = colleague(session, "wang", "王老师", Role.INSTRUCTOR, place="荣昌区")
    li = colleague(session, "li", "李老师", Role.INSTRUCTOR, place="荣昌区")
    ning = colleague(session, "ning", "宁编辑", Role.EDITOR)
    written = passage(session, ning, boss)
    gone = colleague(session, "zhou", "周老师", Role.INSTRUCTOR)
    people.go_off_duty(session, li)
    people.revoke(session, gone, by=boss.key, hours=services.hours)
    danger = ask(
        session, services, "娃儿抽筋喊不醒，嘴巴乌了，婆婆在屋头", who="a", kind=CaseKind.DANGER, topic="danger:medical", born=14
    )
    protected = ask(
        session,
        services,
        "我带着娃儿，老汉喝了酒又动手打人，我好怕",
        who="b",
        kind=CaseKind.URGENT,
        topic="urgent:violence",
        born=30,
    )
    plain = ask(
        session, services, "婆婆硬要给八个月的娃儿喝蜂蜜水通便，说她们那代人都这么带大的，怎么劝她？", who="c", born=8,
        nearest=["honey-under-1", "constipation", "when-grandparents-differ"], topic="honey_under_1",
    )  # fmt: skip
    ask(session, services, "想找个老师聊聊，二宝出生以后大的那个天天闹", who="d", kind=CaseKind.ASKED_FOR_PERSON, born=40)
    photo = Media(key=services.blobs.put_new(picture(), folder="photos"), kind="photo")
    ask(session, services, "脸上起了这些小疹子，要不要去医院", who="e", kind=CaseKind.UNREADABLE, born=3, media=photo)
    answered = ask(
        session,
        services,
        "My two year old bites other children at playgroup. What should I do?",
        who="f",
        lang="en",
        born=25,
        nearest=["biting"],
    )
    reply(
        session,
        answered,
        by=wang,
        text="Thank you for asking. Stay close for the first minutes and step in before the bite.\n\n"
        "Tell her: “Teeth are for apples.” Then show her how to ask for the toy.",
        rating=3,
    )
    reply(session, plain, by=wang, text="先别急着跟婆婆争。", undone=True)
    cases.propose_passage(
        session,
        case_of(session, answered),
        by=wang,
        question="两岁的孩子在外面咬别的小朋友怎么办",
        answer="头几分钟守在旁边，看见要咬先挡一下，再教她怎么开口要玩具。",
    )
    failed = freeze(session, by=boss.key)
    failed.state, failed.failure = BuildState.FAILED, "OSError: [Errno 28] No space left on device"
    lasts = timedelta(hours=12)
    invitation = accounts.invite(session, name="刘老师", role=Role.INSTRUCTOR, by=boss.key)
    link = tokens.issue(session, tokens.TokenPurpose.CONSOLE_LINK, subject_id=wang.key, lasts=lasts)
    on_duty(session, wang, li, place="荣昌区")
    return Town(boss, wang, ning, written, danger, protected, plain, answered, invitation, link)


def colleague(session: Session, login: str, name: str, role: Role, *, place: str = "") -> Staff:
    made = accounts.create_staff(session, login, name=name, role=role)
    accounts.set_password(session, made, password="only for pictures")
    if place and (found := places.named(session, place)):
        people.assign(session, made, place=found, by=made.key)
    return made


def on_duty(session: Session, *staff: Staff, place: str) -> None:
    """Nights of the week by turns, each standing in for the other; the weekend has nobody yet."""
    area = places.named(session, place)
    assert area
    for weekday, (one, other) in enumerate([staff, staff[::-1]] * 2):
        roster.put_on_duty(
            session, one, place=area, begins=NIGHT[0], ends=NIGHT[1], weekdays=[weekday], substitute=other, by=one.key
        )


def ask(
    session: Session,
    services: Services,
    words: str,
    *,
    who: str,
    born: int,
    kind: CaseKind = CaseKind.NO_ANSWER,
    topic: str = "",
    lang: str = "zh",
    nearest: list[str] | None = None,
    media: Media | None = None,
) -> int:
    """`born` is how many months ago."""
    parent = meet(session, Channel.WEB, address=who, lang=lang)
    found = places.named(session, "荣昌区")
    parent.place_id = found.key if found else None
    add_child(session, parent, birth_month=clock.today() - timedelta(days=round(30.6 * born)))
    said = unreadable(words) if kind is CaseKind.UNREADABLE else screen(words)
    case, _ = cases.open_case(
        session,
        parent,
        kind=kind,
        said=said,
        hours=services.hours,
        topic=topic or f"other:{who}",
        nearest=nearest or [],
        media=media,
    )
    return case.key


def case_of(session: Session, number: int) -> Case:
    return session.get_one(Case, number)


def reply(session: Session, number: int, *, by: Staff, text: str, rating: int | None = None, undone: bool = False) -> None:
    case = case_of(session, number)
    cases.take(session, case, by=by)
    sent = cases.answer(session, case, by=by, text=text, key=f"picture:{number}", hold=undone)
    case.rating = rating
    if undone and sent:
        cases.undo_answer(session, sent.number, by=by)


def passage(session: Session, writer: Staff, reviewer: Staff) -> int:
    """One that has been written, sent back, written again and lies with the reviewers."""
    held = next(one for one in curriculum.listed(session, Wanted(words="honey-under-1"), limit=1))
    number, said = held.passage.key, drafts.from_content(held.newest.content)
    shorter = replace(said, zh=replace(said.zh, title="满一岁以前，一口蜂蜜都不要喂"), topics=(*said.topics, "food_hygiene"))
    writing.rewrite(session, number, shorter, base=1, by=writer.key)
    reviewing.submit(session, number, number=2, by=writer.key, words="题目改得更像说话了。")
    reviewing.send_back(session, number, number=2, by=reviewer.key, words="年龄再写准一点，到满一岁就行。")
    writing.rewrite(session, number, replace(shorter, age_months=(-1, 12)), base=2, by=writer.key)
    reviewing.submit(session, number, number=3, by=writer.key)
    reviewing.approve(session, number, number=3, by=reviewer, reviewers=2)
    return number


def picture() -> bytes:
    """A drawn cheek with spots."""
    drawn = Image.new("RGB", (640, 420), "#f3d3b8")
    pencil = ImageDraw.Draw(drawn)
    for x, y in ((180, 130), (260, 210), (330, 150), (300, 300), (420, 240), (210, 290), (380, 330)):
        pencil.ellipse((x, y, x + 22, y + 22), fill="#d98c7a")
    kept = BytesIO()
    drawn.save(kept, "JPEG", quality=70)
    return kept.getvalue()


def take_all(
    browser: Browser, services: Services, address: str, town: Town, *, out: Path, lang: str, width: int, only: str
) -> None:
    height, scale = SIZES[width]

    def fresh(staff: Staff | None = None) -> BrowserContext:
        made = browser.new_context(
            viewport={"width": width, "height": height}, device_scale_factor=scale, locale="zh-CN" if lang == "zh" else "en"
        )
        made.add_cookies([{"name": "peiban_lang", "value": lang, "url": address}])
        if staff:
            made.add_cookies(
                [{"name": cookie_name(services.settings), "value": session_of(services, staff, lang), "url": address}]
            )
        return made

    def shot(page: Page, name: str) -> None:
        if only in name:
            save(page, out / f"{name}-{width}-{lang}.png")

    nobody, wang, boss = fresh().new_page(), fresh(town.wang).new_page(), fresh(town.boss).new_page()
    for name, path in (("sign-in", "sign-in"), ("invitation", f"invitation/{town.invitation}"), ("link", f"link/{town.link}")):
        nobody.goto(f"{address}/console/{path}")
        shot(nobody, f"console-{name}")
    for name, path in (
        ("cases", "cases"), ("cases-closed", "cases?shown=closed"), ("case-danger", f"cases/{town.danger}"),
        ("case", f"cases/{town.plain}"), ("case-answered", f"cases/{town.answered}"),
        ("not-allowed", "staff"), ("not-found", "nowhere"), ("roster-own", "duty"),
    ):  # fmt: skip
        wang.goto(f"{address}/console/{path}")
        for each in wang.locator("details.near").all()[:1]:
            each.click()
        wang.evaluate("window.scrollTo(0, 0)")
        shot(wang, f"console-{name}")
    for name, path in (
        ("editions", "editions"), ("edition-check", "editions/1/check"), ("proposals", "editions/proposals"), ("staff", "staff"),
        ("colleague", f"staff/{town.wang.key}"), ("me", "me"), ("roster", "duty"), ("case-why", f"cases/{town.protected}"),
    ):  # fmt: skip
        boss.goto(f"{address}/console/{path}")
        shot(boss, f"console-{name}")
    writing_desk(boss, fresh(town.ning).new_page(), address, town, shot=shot)
    chat(nobody, address, lang=lang, shot=shot)
    for page in (nobody, wang, boss):
        page.context.close()


def writing_desk(boss: Page, ning: Page, address: str, town: Town, *, shot: Callable[[Page, str], None]) -> None:
    """The last ones are of forms that are answered and not saved: mistakes, and a colleague who was quicker."""
    here = f"{address}/console/passages"
    for name, path in (
        ("passages", ""), ("passages-found", "?about=:sleep&age=12"), ("passages-none", "?q=xyz"),
        ("passage", f"/{town.written}"), ("passage-compare", f"/{town.written}/compare?old=1&new=3"),
        ("passage-form", f"/{town.written}/edit"), ("passage-new", "/new"),
        ("passages-again", "?state=again"), ("sign-off", "/sign-off"), ("sign-off-topic", "/sign-off?about=honey_under_1"),
    ):  # fmt: skip
        boss.goto(here + path)
        shot(boss, f"console-{name}")
    ning.goto(f"{here}/{town.written}")
    shot(ning, "console-passage-own")
    ning.goto(f"{here}/new")
    ning.locator("#zh_title").fill("说话慢半拍")
    ning.locator("#zh_text").fill("太短")
    ning.locator("#from_months").fill("一岁半")
    ning.locator("button[value=submit]").click()
    ning.wait_for_load_state()
    shot(ning, "console-passage-mistakes")
    ning.goto(f"{here}/{town.written}/edit")
    ning.locator("#zh_title").fill("我也改了这个题目")
    ning.locator("input[name=base]").evaluate("field => field.value = '2'")
    ning.locator("button[value=save]").click()
    ning.wait_for_load_state()
    for each in ning.locator(".conflict summary").all():
        each.click()
    shot(ning, "console-passage-conflict")
    ning.context.close()


def chat(page: Page, address: str, *, lang: str, shot: Callable[[Page, str], None]) -> None:
    zh = lang == "zh"
    page.goto(f"{address}/")
    shot(page, "chat-first")
    say(page, "八个月的娃可以吃蜂蜜不" if zh else "Can my eight month old have honey?", lang=lang)
    shot(page, "chat-answer")
    say(page, "娃儿抽筋喊不醒" if zh else "My baby is having a fit and will not wake up", lang=lang)
    shot(page, "chat-danger")


def say(page: Page, words: str, *, lang: str) -> None:
    before = page.locator("article").count()
    page.get_by_label(translate("您想问什么？", as_lang(lang))).fill(words)
    page.get_by_role("button", name=translate("发送", as_lang(lang)), exact=True).click()
    page.wait_for_function("n => document.querySelectorAll('article').length >= n + 2", arg=before)
    page.wait_for_timeout(500)


def session_of(services: Services, staff: Staff, lang: str) -> str:
    with services.database.transaction() as session:
        own = session.get_one(Staff, staff.key)
        accounts.set_lang(session, own, lang=lang)
        return accounts.start_session(session, own)


def save(page: Page, path: Path) -> None:
    """The window is made as high as the page, so that what clings to its edge stands at the edge. Few colours, since our pages
    have few and the pictures are kept for good."""
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], page.evaluate("document.body.scrollHeight"))})
    taken = Image.open(BytesIO(page.screenshot()))
    page.set_viewport_size(size)
    taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path} {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
