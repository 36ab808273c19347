"""Who stands on duty at a moment, worked out from a roster that has been read; and where nobody does, or several do. No database."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from operator import attrgetter
from typing import TypeVar

from dateutil.relativedelta import relativedelta
from dateutil.rrule import DAILY, rrule

from care.cases.hours import DutyHours
from care.places.models import Place
from care.roster.models import Leave, Shift
from kit import clock
from kit.accounts.models import Staff

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Standing:
    """`staff` is who is called, `instead_of` whose shift it is where she stands in for somebody."""

    staff: Staff
    place: Place
    instead_of: Staff | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One time that a shift stands. `stands` is None where its holder is away and nobody stands in."""

    shift: Shift
    holder: Staff
    place: Place
    begins: datetime
    ends: datetime
    stands: Staff | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody stands in the roster. `in_hours`: the duty hours are open then, and whoever is present is called."""

    begins: datetime
    ends: datetime
    in_hours: bool


@dataclass(frozen=True, slots=True)
class Overlap:
    begins: datetime
    ends: datetime
    staff: tuple[Staff, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    shifts: tuple[Shift, ...]
    leaves: tuple[Leave, ...]
    staff: dict[int, Staff]
    """Those who can stand on duty; nobody else is called."""
    places: dict[int, Place]

    def standing(self, moment: datetime, *, away: Collection[int] = ()) -> tuple[Standing, ...]:
        """`away` are those who have switched themselves off; their substitutes are called."""
        found = []
        for shift in self.shifts:
            if any(begins <= moment < ends for begins, ends in shift.times(moment, moment + _MOMENT)):
                who = self._who(shift, moment, away)
                if who:
                    holder = self.staff.get(shift.staff_id) if who.key != shift.staff_id else None
                    found.append(Standing(who, self.places[shift.place_id], holder))
        return tuple(found)

    def _who(self, shift: Shift, moment: datetime, away: Collection[int]) -> Staff | None:
        """The holder, else whoever stands in for her leave, else for this shift; no chain of substitutes is followed further."""
        leaves = [leave for leave in self.leaves if leave.staff_id == shift.staff_id and leave.covers(moment)]
        asked = [] if leaves else [shift.staff_id]
        asked += [leave.substitute_id for leave in leaves if leave.substitute_id] + [shift.substitute_id or 0]
        return next((self.staff[one] for one in asked if self._there(one, moment, away)), None)

    def _there(self, staff_id: int, moment: datetime, away: Collection[int]) -> bool:
        on_leave = any(leave.staff_id == staff_id and leave.covers(moment) for leave in self.leaves)
        return staff_id in self.staff and staff_id not in away and not on_leave

    def turns(self, since: datetime, until: datetime) -> tuple[Turn, ...]:
        """Every time that a shift of the roster stands, by beginning. Of a leave within a turn its beginning decides."""
        found = [
            Turn(shift, self.staff[shift.staff_id], self.places[shift.place_id], begins, ends, self._who(shift, begins, ()))
            for shift in self.shifts
            if shift.staff_id in self.staff
            for begins, ends in shift.times(since, until)
        ]
        return tuple(sorted(found, key=lambda turn: (turn.begins, turn.ends, turn.shift.key)))

    def areas(self) -> tuple[Place, ...]:
        """The places that somebody stands on duty for, wider ones first."""
        return tuple(
            sorted({shift.place_id: self.places[shift.place_id] for shift in self.shifts}.values(), key=attrgetter("path"))
        )

    def gaps(self, place: Place, since: datetime, until: datetime, *, hours: DutyHours) -> tuple[Gap, ...]:
        """When nobody stands for this place or for one around it."""

        def empty(moment: datetime) -> bool | None:
            return None if covering(self.standing(moment), place) else hours.open_at(moment)

        merged = _merged(self._pieces(since, until, hours=hours), empty)
        return tuple(Gap(begins, ends, in_hours) for begins, ends, in_hours in merged if in_hours is not None)

    def overlaps(self, place: Place, since: datetime, until: datetime) -> tuple[Overlap, ...]:
        """When more than one person stands for just this place."""

        def those(moment: datetime) -> tuple[int, ...]:
            return tuple(sorted({one.staff.key for one in self.standing(moment) if one.place.key == place.key}))

        merged = _merged(self._pieces(since, until), those)
        return tuple(
            Overlap(begins, ends, tuple(self.staff[key] for key in keys)) for begins, ends, keys in merged if len(keys) > 1
        )

    def _pieces(self, since: datetime, until: datetime, *, hours: DutyHours | None = None) -> list[tuple[datetime, datetime]]:
        """The time between, cut wherever something may change."""
        edges = {since, until}
        for shift in self.shifts:
            edges.update(moment for pair in shift.times(since, until) for moment in pair)
        edges.update(moment for leave in self.leaves for moment in leave.edges())
        if hours:
            edges.update(_hour_edges(hours, since, until))
        inside = sorted(edge for edge in edges if since <= edge <= until)
        return list(pairwise(inside))


_MOMENT = relativedelta(microseconds=1)


def covering(standing: Iterable[Standing], place: Place | None) -> list[Standing]:
    """Those who stand for the place or one around it, the nearest area first; of a place that is not known, everybody."""
    found = [one for one in standing if place is None or place.path.startswith(one.place.path)]
    return sorted(found, key=lambda one: -len(one.place.path))


def nearest(standing: Iterable[Standing], place: Place | None) -> list[Staff]:
    """Everybody who stands for the nearest of the areas around the place in which somebody does."""
    found = covering(standing, place)
    if place is None:
        return people_of(found)
    groups = groupby(found, key=lambda one: one.place.path)
    return people_of(next(groups)[1]) if found else []


def people_of(standing: Iterable[Standing]) -> list[Staff]:
    """Each person once."""
    return list({one.staff.key: one.staff for one in standing}.values())


def _hour_edges(hours: DutyHours, since: datetime, until: datetime) -> Iterator[datetime]:
    day = since.astimezone(clock.CHINA)
    for edge in (hours.opens, hours.closes):
        start = day + relativedelta(hour=edge.hour, minute=edge.minute, second=0, microsecond=0)
        yield from rrule(DAILY, dtstart=start, until=until.astimezone(clock.CHINA))


def _merged(pieces: Sequence[tuple[datetime, datetime]], told: Callable[[datetime], Key]) -> list[tuple[datetime, datetime, Key]]:
    """Neighbouring pieces of which the same is told become one."""
    found: list[tuple[datetime, datetime, Key]] = []
    for begins, ends in pieces:
        says = told(begins)
        if found and found[-1][2] == says:
            found[-1] = (found[-1][0], ends, says)
        else:
            found.append((begins, ends, says))
    return found
