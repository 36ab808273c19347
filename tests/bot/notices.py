"""A small world with one of everything, and typical facts of every kind of notice said in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlmodel import Session, col, select

from bot.dialogue.events import Rendered
from bot.wording import render
from care.cases import actions as cases
from care.cases.models import CaseKind, Outcome
from care.families import actions as families
from care.families.models import Caregiver, Channel
from care.messages.models import Message, MessageState
from care.places.actions import add_site
from care.places.models import Place
from care.privacy.models import ConsentPurpose
from care.recalls.models import Recall
from care.safety.first_lines import first_lines
from care.safety.screening import screen
from care.services import Services
from kit import clock
from kit.accounts import actions as accounts
from kit.accounts.models import Role, Staff
from knowledge import courses, guidance, topics
from knowledge.content import Lang
from knowledge.models import Passage, Revision
from tests.bot import homework_scenes

Facts = dict[str, Any]
TO_BOTH = {"emergency", "something_failed", "staff_revoked"}


@dataclass(frozen=True, slots=True)
class World:
    services: Services
    session: Session
    mother: Caregiver
    staff: Staff
    colleague: Staff
    children: list[int]
    cases: list[int]
    revisions: list[int]
    place: Place
    recalls: list[int]

    @property
    def by(self) -> str:
        return (clock.now() + timedelta(hours=4)).isoformat()


def make_world(services: Services, session: Session) -> World:
    mother = families.meet(session, Channel.TELEGRAM, address="100")
    place = session.exec(select(Place).where(Place.name == "荣昌区")).one()
    add_site(session, "RC-1", name="昌元亲子园", place_code=place.code)
    staff, colleague = (
        accounts.create_staff(session, login, name=login.title(), role=Role.INSTRUCTOR) for login in ("fang", "li")
    )
    children = _children(session, mother)
    return World(
        services=services,
        session=session,
        mother=mother,
        staff=staff,
        colleague=colleague,
        children=children,
        cases=_cases(services, session, mother=mother, staff=staff, colleague=colleague),
        revisions=[row.key for row in session.exec(select(Revision).order_by(col(Revision.id)))],
        place=place,
        recalls=_recalls(session),
    )


def _recalls(session: Session) -> list[int]:
    """Of the last passage."""
    revision = session.exec(select(Revision).order_by(col(Revision.id).desc())).all()[0]
    zh, en = "写成了六个月，应当是满一岁以后。", "It said six months; it should say after the first birthday."
    now = clock.now()
    row = Recall(
        passage_id=revision.passage_id, number=1, reason="写错了", zh=zh, en=en, since=now, staff_id=1, at=now, told_at=now
    )
    session.add(row)
    session.flush()
    return [row.key]


def _children(session: Session, mother: Caregiver) -> list[int]:
    """Named, nameless and early, expected this month, and expected later."""
    month = clock.today().replace(day=1)
    named = families.add_child(session, mother, birth_month=month - relativedelta(months=30), expected=False)
    early = families.add_child(session, mother, birth_month=month - relativedelta(months=8), expected=False)
    soon = families.add_child(session, mother, birth_month=month, expected=True)
    later = families.add_child(session, mother, birth_month=month + relativedelta(months=3), expected=True)
    named.nickname, early.weeks_early = "豆豆", 8
    mother.current_child_id = named.key
    session.flush()
    return [child.key for child in (named, early, soon, later)]


def _cases(services: Services, session: Session, *, mother: Caregiver, staff: Staff, colleague: Staff) -> list[int]:
    """One of each kind: open, mine, a colleague's."""
    opened = []
    for kind, topic in zip(CaseKind, ("honey_under_1", "", "biting", "self_harm", "medical"), strict=True):
        slugs = [row.slug for row in session.exec(select(Passage).limit(2))]
        said = screen("孩子不吃饭怎么办，奶奶说要喂到五岁，我说不动她，老师帮我想想办法，真的很着急，天天为这个吵架")
        case, _ = cases.open_case(session, mother, kind=kind, said=said, hours=services.hours, topic=topic, nearest=slugs)
        cases.add_words(session, case, said=screen(""), media=cases.Media("photos/1", "photo"))
        opened.append(case)
    cases.take(session, opened[1], by=staff)
    cases.take(session, opened[2], by=colleague)
    return [case.key for case in opened]


def _answers(world: World) -> dict[str, list[Facts]]:
    shown = [
        {"question_id": 7, "revision_id": one, "reviewed": reviewed} for one in world.revisions for reviewed in (True, False)
    ]
    groups = [{"group": group.slug, "revision_ids": world.revisions} for group in topics.groups()]
    return {
        "answer": [*shown, {"question_id": None, "revision_id": world.revisions[0], "reviewed": True}],
        "read_on": [{"question_id": None, "revision_id": one} for one in world.revisions],
        "choices": [
            {"question_id": 7, "revision_ids": world.revisions},
            {"question_id": None, "revision_ids": world.revisions[:2], "related": True},
            {"question_id": 7, "revision_ids": world.revisions[:2], "again": True},
            {"question_id": 7, "revision_ids": world.revisions[:2], "part": True},
        ],
        "menu": [{}],
        "titles": [{**one, "rest": rest, "age_months": age} for one in groups for rest, age in (([9], None), ([], -2), ([], 18))],
        "nothing_here": [{"group": "sleep"}],
        "nothing_related": [{}],
        "decline": [{"question_id": 7}],
        "glad_it_helped": [{}],
        "correction": [{"recall_id": key} for key in world.recalls],
        "now_answered": [{"revision_id": world.revisions[0], "question_id": 7}],
        "ask_why_reason": [{"version": 2**40, "feedback_id": 1, "question_id": 7}],
        "thanks_for_why": [{"question_id": 7}, {"question_id": None}],
    }


def _families(world: World) -> dict[str, list[Facts]]:
    steps: list[Facts] = [{"version": 2**40}]
    return {
        "said": [{"text": "娃儿不吃饭", "media": media} for media in ("", "photo", "voice", "file")],
        "welcome": [{"site": ""}, {"site": "昌元亲子园"}],
        "not_understood": [{"what": what} for what in ("sticker", "location", "contact", "video", "file", "other")],
        "child_saved": [{"child_id": key} for key in (*world.children, 0)],
        "children": [{"child_ids": world.children, "current": world.children[0]}, {"child_ids": [], "current": None}],
        "place_unknown": [{"version": 1}],
        "place_choose": [{"version": 1, "place_ids": [world.place.key]}],
        "ask_whose_child": [{"version": 2**40, "child_ids": world.children}],
        "heard": [
            {"danger": True},
            {"danger": True, "at_once": True, "over": False},
            {"danger": True, "at_once": True, "over": True},
            {"danger": True, "at_once": False, "over": False, "nobody": True},
            {"danger": False},
            {"danger": True, "child": True},
        ],
        "over_budget": [{"until": world.by}],
        "child_here": [{"by": world.by}],
        "place_saved": [{"place": world.place.name}],
        "skipped": [{"flow": flow} for flow in ("child", "place", "person")],
        "ask_child_month": [{"version": 2**40, "year": year} for year in ("2024", "expected")],
        "ask_person_words": [*steps, {"version": 5, "case_id": world.cases[1]}],
        "ask_child_year": [*steps, {"version": 2**40, "told": 8}],
        "age_told": [{"age_months": 8, "kept": kept} for kept in (True, False)],
        **{kind: [{}] for kind in ("sorry_no_help", "glad_of_news", "free_of_charge")},
        **dict.fromkeys(("ask_child_name", "ask_child_early", "ask_place_name"), steps),
        **{
            kind: [{}]
            for kind in (
                "about_return_code",
                "about_phone",
                "about_telling",
                "about_itself",
                "ask_away",
                "you_are_welcome",
                "help",
                "privacy",
                "nothing_said",
                "not_taken",
                "edited",
                "stale_button",
            )
        },
        **{kind: [{}] for kind in ("something_failed", "link_expired", "moved_here")},
    }


def _privacy(world: World) -> dict[str, list[Facts]]:
    child = world.children[0]
    receipt: Facts = {
        "number": "3467-4379",
        "at": world.by,
        "erased": {"question": 2, "files": 1},
        "open_cases": 0,
        "kept_until": "",
    }
    return {
        **{
            kind: [{}]
            for kind in ("ask_consent", "export_link", "need_code", "cleared", "join_unknown", "join_later", "unshared")
        },
        "consent_saved": [{"purpose": one.value, "given": given} for one in ConsentPurpose for given in (True, False)],
        "ask_forget": [
            {"open_cases": 0},
            {"open_cases": 2},
            {"child_id": child, "only": True},
            {"child_id": child, "only": False},
        ],
        "ask_forget_which": [{"child_ids": world.children}],
        "forgotten": [
            receipt,
            {**receipt, "open_cases": 1, "kept_until": world.by},
            {**receipt, "child": True, "shared": True},
        ],
        "leaving": [{"return_code": "042117"}],
        "share_code": [
            {"code": "346797", "child_id": child, "others": others}
            for others in ([], [{"caregiver_id": 2**40, "since": world.by}])
        ],
        "ask_share_which": [{"child_ids": world.children}],
        "joined": [{"child_id": key} for key in (child, 0)],
    }


def _people(world: World) -> dict[str, list[Facts]]:
    waits: Facts = {"by": world.by}
    coded: Facts = {"by": world.by, "return_code": "042117"}
    reply = {"text": "慢慢来，先陪着。", "name": "Fang", "case_id": world.cases[1]}
    dangers = [{"act": line.act, "category": line.category.value} for line in first_lines()]
    return {
        "emergency": [{**danger, "nobody": nobody} for danger in dangers for nobody in (True, False)],
        "urgent": [{**danger, **more} for danger in dangers for more in (waits, coded, {**waits, "nobody": True})],
        "unreadable": [{"act": "a_person_must_look", "media": media, **coded} for media in ("voice", "photo", "file", "")],
        "office_hours": [coded],
        "relay_parts": [{"question_ids": [7, 8], **coded}],
        "relay": [{"joined": joined, "asked": asked, **coded} for joined in (True, False) for asked in (True, False)],
        "ask_phone_number": [{"version": 2**40, "case_id": world.cases[0]}],
        "phone_wrong": [{"version": 2**40}],
        "phone_kept": [{"case_id": world.cases[0]}],
        "asks_other": [{}],
        "follow_ask": [{"case_id": world.cases[4], "at": world.by}],
        "follow_agreed": [{"case_id": world.cases[4], "at": world.by}],
        **{kind: [{"case_id": world.cases[4]}] for kind in ("follow_refused", "follow_up", "follow_thanks")},
        "calm_noted": [{"case_id": world.cases[0]}],
        "duty_reached": [{"category": "medical"}],
        "duty_nobody": [{"category": "medical"}, {"category": "self_harm"}],
        "case_ended": [{"case_id": world.cases[1], "name": "Fang"}],
        "case_reply": [reply],
        "case_reply_opened": [reply],
        "thanks_for_rating": [{"case_id": world.cases[1], "rating": rating} for rating in (1, 2, 3)],
    }


def _homework(world: World) -> dict[str, list[Facts]]:
    return homework_scenes.for_parents(world.session, world.children, world.staff)


def _classroom(world: World) -> dict[str, list[Facts]]:
    package, course = guidance.packages()[0].slug, courses.courses()[0].slug
    linked = [one.passage for one in guidance.packages()[0].guides if one.passage]
    shown: Facts = {"revisions": dict.fromkeys(linked, world.revisions[0])}
    return {
        "guidance_needs_age": [{}],
        "guidance_none": [{"age_months": 70}],
        "guidance": [{"package": slug, "age_months": 8, **shown} for slug in (package, "of-long-ago")],
        "courses": [
            {"courses": [course], "following": following, "age_months": age} for following in (8, None) for age in (8, None)
        ],
        "courses_none": [{}],
        "course": [{"course": slug} for slug in (course, "of-long-ago")],
        "course_scene": [
            {"course": slug, "scene": at, "revision_ids": world.revisions[:2]} for slug in (course, "x") for at in (0, 2, 99)
        ],
        "course_tool": [{"course": slug} for slug in (course, "of-long-ago")],
    }


def _staff(world: World) -> dict[str, list[Facts]]:
    about: list[Facts] = [{"case_id": key} for key in world.cases]
    written = {"alias": world.mother.alias, "text": "慢慢来，先陪着。", "message_id": 2**40, "case_id": world.cases[1]}
    return {
        "case_card": [*about, {"case_id": world.cases[1], "handed_by": "Li"}, {"case_id": 2**40}],
        **{
            kind: [*about, {"case_id": 2**40}]
            for kind in (
                "danger_card",
                "case_more",
                "taken",
                "acknowledged",
                "danger_unwritten",
                "not_emergency",
                "number_left",
                "protected_waits",
                "follow_answered",
            )
        },
        "ask_outcome": [{"case_id": world.cases[1]}],
        "ask_unanswered": [*({"case_id": key, "seen": 2**40} for key in world.cases), {"case_id": 2**40, "seen": 1}],
        "reply_too_long": [{"most": 3000, "over": 12}],
        "ask_outcome_words": [{"case_id": world.cases[1], "outcome": one.value} for one in Outcome],
        "already_taken": [{"name": "Li"}, {"name": ""}],
        **{kind: [written] for kind in ("reply_sent", "reply_held")},
        **{kind: [{}] for kind in ("not_sent", "reply_to_no_card")},
        "which_case": [{"case_ids": world.cases, "text": "慢慢来，先陪着。"}],
        "case_list": [{"case_ids": world.cases}, {"case_ids": []}],
        "not_delivered": [{"case_id": world.cases[1]}],
        "rated": [{"case_id": world.cases[1], "rating": rating} for rating in (1, 2, 3)],
        "off_with_danger": [{"case_ids": world.cases[:2], "alone": alone} for alone in (True, False)],
        "off_duty": [{"paged": paged} for paged in (-1, 0, 2)],
        "console_link": [{"token": "0123456789"}],
        "staff_welcome": [{"name": "Fang"}],
        **{kind: [{}] for kind in ("undone", "too_late_to_undo", "no_open_case", "not_held", "put_back", "closed", "on_duty")},
        **homework_scenes.for_staff(world.session, world.children, world.staff),
        **{
            kind: [{}]
            for kind in (
                "staff_help",
                "staff_words_only",
                "staff_edited",
                "staff_revoked",
                "reply_length",
                "outcome_length",
                "staff_stale",
            )
        },
    }


def scenes(world: World) -> dict[str, list[Facts]]:
    """Typical facts of every kind of notice."""
    return {
        **_answers(world),
        **_families(world),
        **_privacy(world),
        **_people(world),
        **_homework(world),
        **_classroom(world),
        **_staff(world),
    }


def worded(world: World, kind: str, facts: Facts, *, lang: Lang, to_staff: bool, channel: Channel = Channel.TELEGRAM) -> Rendered:
    world.mother.lang = world.staff.lang = lang
    reader: Facts = {"staff_id": world.staff.key} if to_staff else {"caregiver_id": world.mother.key}
    row = Message(
        id=2**40, key="k", channel=channel, address="100", kind=kind, facts=facts, case_id=facts.get("case_id"),
        state=MessageState.QUEUED, due_at=clock.now(), created_at=clock.now(), **reader,
    )  # fmt: skip
    return render(world.session, row, world.services)


def every_message(world: World, lang: Lang) -> Iterator[tuple[str, Rendered]]:
    for_staff = _staff(world).keys()
    for kind, told in scenes(world).items():
        for facts in told:
            for to_staff in (True, False) if kind in TO_BOTH else (kind in for_staff,):
                for channel in (Channel.TELEGRAM,) if to_staff else Channel:
                    yield kind, worded(world, kind, facts, lang=lang, to_staff=to_staff, channel=channel)


def everything(rendered: Rendered) -> str:
    labels = (button.label for row in rendered.buttons for button in row)
    return "\n".join([*(block.text for block in rendered.blocks), *labels])
