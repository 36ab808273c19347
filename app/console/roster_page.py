"""What the page of the duty roster shows: who stands now, the coming week, gaps and doubles as sentences. Changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from babel.dates import format_skeleton, get_day_names
from dateutil.relativedelta import relativedelta
from dateutil.rrule import DAILY, rrule
from sqlmodel import Session, col, select

from app.web.languages import LOCALES, translate
from care.cases.hours import DutyHours
from care.people import queries as people
from care.people.access import Verb, may
from care.people.models import Absence
from care.places.models import Level, Place
from care.roster import queries
from care.roster.models import Leave, Shift
from care.roster.queries import Called
from care.roster.standing import Gap, Overlap, Roster, Standing, Turn
from care.services import Services
from kit import clock
from kit.accounts.models import Staff
from knowledge.content import Lang

WEEK = relativedelta(days=7)


@dataclass(frozen=True, slots=True)
class Day:
    label: str
    turns: tuple[tuple[str, Turn], ...]
    """Each with its time in words."""


@dataclass(frozen=True, slots=True)
class Area:
    """What is to be told of one area in the coming week."""

    place: Place
    empty: tuple[str, ...]
    by_hours: tuple[str, ...]
    doubles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RosterPage:
    may_change: bool
    hours: str
    standing: tuple[Standing, ...]
    called: Called
    switched_off: tuple[Staff, ...]
    """They would stand now, and have switched themselves off."""
    open_now: bool
    present: int
    """How many are present and can be reached by a card."""
    addresses: int
    last: bool
    days: tuple[Day, ...]
    areas: tuple[Area, ...]
    shifts: tuple[tuple[str, Shift], ...]
    leaves: tuple[tuple[str, Leave], ...]
    staff: dict[int, Staff]
    places: dict[int, Place]
    choices: tuple[Place, ...]
    weekdays: tuple[str, ...]


def roster_page(session: Session, *, me: Staff, services: Services, lang: Lang) -> RosterPage:
    """The whole roster for whoever may change it; of anybody else only what is hers."""
    roster, now = queries.read(session), clock.now()
    all_of, settings = may(me, Verb.MANAGE_ROSTER), services.settings
    standing, there = queries.standing_now(session), people.reachable_for(session, None)
    midnight = datetime.combine(clock.today(), time(), clock.CHINA)
    turns = [turn for turn in roster.turns(midnight, midnight + WEEK) if all_of or _is_hers(turn, me)]
    return RosterPage(
        may_change=all_of,
        hours=settings.duty_hours.replace("-", "–"),
        standing=standing,
        called=queries.called_now(session, me, hours=services.hours),
        switched_off=_switched_off(session, roster, now),
        open_now=services.hours.open_at(now),
        present=len(there),
        addresses=len(settings.duty_addresses),
        last=bool(settings.duty_last),
        days=_days(turns, midnight, lang),
        areas=tuple(_area(roster, place, hours=services.hours, lang=lang) for place in roster.areas()) if all_of else (),
        shifts=tuple((_pattern(one, lang), one) for one in sorted(roster.shifts, key=_order) if all_of or one.staff_id == me.key),
        leaves=tuple(
            (_from_to(one, lang), one) for one in roster.leaves if all_of or me.key in (one.staff_id, one.substitute_id)
        ),
        staff=roster.staff,
        places=roster.places,
        choices=_choices(session) if all_of else (),
        weekdays=tuple(_weekday(number, lang) for number in range(WEEK.days)),
    )


def _is_hers(turn: Turn, me: Staff) -> bool:
    return turn.holder.key == me.key or (turn.stands is not None and turn.stands.key == me.key)


def _switched_off(session: Session, roster: Roster, now: datetime) -> tuple[Staff, ...]:
    off = set(session.exec(select(Absence.staff_id)))
    return tuple({one.staff.key: one.staff for one in roster.standing(now) if one.staff.key in off}.values())


def _choices(session: Session) -> tuple[Place, ...]:
    wanted = select(Place).where(col(Place.level).in_([Level.CITY, Level.DISTRICT])).order_by(col(Place.path), col(Place.code))
    return tuple(sorted(session.exec(wanted), key=lambda place: (place.path.count("/"), place.code)))


def _order(shift: Shift) -> tuple[int, date, int, time]:
    weekly = shift.weekday is not None
    return (0 if weekly else 1, shift.day or date.min, shift.weekday or 0, shift.begins)


def _days(turns: Sequence[Turn], midnight: datetime, lang: Lang) -> tuple[Day, ...]:
    """One that began yesterday and goes on stands under today."""
    days = []
    for day in rrule(DAILY, dtstart=midnight, count=WEEK.days):
        those = [turn for turn in turns if max(turn.begins, midnight).astimezone(clock.CHINA).date() == day.date()]
        days.append(Day(_day(day.date(), lang), tuple((_clock(turn.begins, turn.ends, day, lang), turn) for turn in those)))
    return tuple(days)


def _day(day: date, lang: Lang) -> str:
    """「周一 11月23日」."""
    return f"{_weekday(day.weekday(), lang)} {format_skeleton('MMMd', day, locale=LOCALES[lang])}"


def _weekday(number: int, lang: Lang) -> str:
    return str(get_day_names("abbreviated", locale=LOCALES[lang])[number])


def _clock(begins: datetime, ends: datetime, day: datetime, lang: Lang) -> str:
    if begins.date() < day.date():
        return translate("昨天 %(begins)s 到 %(ends)s", lang, begins=f"{begins:%H:%M}", ends=f"{ends:%H:%M}")
    return _times(begins.time(), ends.time(), lang)


def _times(begins: time, ends: time, lang: Lang) -> str:
    told = {"begins": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"}
    if begins == ends == time():
        return translate("一整天", lang)
    if ends == time():
        return f"{begins:%H:%M}–24:00"
    return translate("%(begins)s–第二天 %(ends)s", lang, **told) if ends <= begins else "{begins}–{ends}".format(**told)


def _pattern(shift: Shift, lang: Lang) -> str:
    """「每周日 22:00–第二天 06:00」, or with the one date."""
    times = _times(shift.begins, shift.ends, lang)
    if shift.day is not None:
        return f"{_day(shift.day, lang)} {times}"
    return translate("每%(day)s %(times)s", lang, day=_weekday(shift.weekday or 0, lang), times=times)


def _from_to(leave: Leave, lang: Lang) -> str:
    first, last = _day(leave.first_day, lang), _day(leave.last_day, lang)
    return first if first == last else f"{first} – {last}"


def _area(roster: Roster, place: Place, *, hours: DutyHours, lang: Lang) -> Area:
    now = clock.now().astimezone(clock.CHINA) + relativedelta(second=0, microsecond=0)
    until = now + WEEK + relativedelta(hour=0, minute=0)
    next_day = until + relativedelta(days=1)  # so that a night which begins within the week is told whole
    gaps = [gap for gap in roster.gaps(place, now, next_day, hours=hours) if gap.begins < until]
    return Area(
        place=place,
        empty=_told(translate("没有人值班", lang), [gap for gap in gaps if not gap.in_hours], lang),
        by_hours=_told(translate("表上没有人，叫的是在岗的同事", lang), [gap for gap in gaps if gap.in_hours], lang),
        doubles=tuple(_double(one, lang) for one in roster.overlaps(place, now, until)),
    )


def _told(what: str, gaps: Iterable[Gap], lang: Lang) -> tuple[str, ...]:
    """Gaps at the same time of several days in one sentence: 「周一、周二 20:00–第二天 08:30 没有人值班」."""
    grouped: dict[tuple[time, time, datetime | None], list[Gap]] = {}
    for gap in gaps:
        begins, ends = gap.begins.astimezone(clock.CHINA), gap.ends.astimezone(clock.CHINA)
        alone = begins if ends > begins + relativedelta(days=1) else None
        grouped.setdefault((begins.time(), ends.time(), alone), []).append(gap)
    return tuple(f"{_when(those, lang)} {what}" for those in grouped.values())


def _when(gaps: Sequence[Gap], lang: Lang) -> str:
    first = gaps[0]
    if len(gaps) == 1:
        return _between(first.begins, first.ends, lang)
    days = [gap.begins.astimezone(clock.CHINA).weekday() for gap in gaps]
    if len(set(days)) == WEEK.days:
        named = translate("每天", lang)
    else:
        named = ("、" if lang == "zh" else ", ").join(_weekday(day, lang) for day in days)
    begins, ends = first.begins.astimezone(clock.CHINA), first.ends.astimezone(clock.CHINA)
    return f"{named} {_times(begins.time(), ends.time(), lang)}"


def _between(begins: datetime, ends: datetime, lang: Lang) -> str:
    """「周日 02:00–06:00」, over midnight 「周六 22:00–周日 06:00」."""
    begins, ends = begins.astimezone(clock.CHINA), ends.astimezone(clock.CHINA)
    head = f"{_weekday(begins.weekday(), lang)} {begins:%H:%M}"
    if ends == begins + relativedelta(days=1, hour=0, minute=0):
        return f"{head}–24:00"
    same = begins.date() == ends.date()
    return f"{head}–{ends:%H:%M}" if same else f"{head}–{_weekday(ends.weekday(), lang)} {ends:%H:%M}"


def _double(one: Overlap, lang: Lang) -> str:
    names = ("、" if lang == "zh" else ", ").join(staff.name for staff in one.staff)
    when = _between(one.begins, one.ends, lang)
    return translate("%(when)s 有 %(count)s 个人：%(names)s", lang, when=when, count=len(one.staff), names=names)
