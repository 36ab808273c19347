"""The list of passages: searched, sieved, counted by state. The page of one is `passage_page`, its form `passage_writing`."""

from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.console import passage_words
from app.console.pages import show
from app.console.reader import Served, allowed, checked_form, signed_in
from app.web.languages import mark
from care.people.access import Verb, may
from kit.accounts import queries as accounts
from kit.accounts.models import Staff
from knowledge import drafts, looking_again, queries, topics
from knowledge.models import ReviewState
from knowledge.queries import Wanted

router = APIRouter(prefix="/passages", dependencies=[Depends(signed_in), Depends(checked_form)])

PAGE = 30
LONGEST_SEARCH = 100
AGES = (-1, 0, 2, 4, 6, 9, 12, 18, 24, 36, 48, 60)
Sees = Annotated[Staff, Depends(allowed(Verb.SEE_PASSAGES))]


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    label: str
    states: tuple[ReviewState, ...]
    reviewed: bool | None = None
    due: bool = False

    def holds(self, state: ReviewState, reviewed: bool) -> bool:
        return state in self.states and self.reviewed in (None, reviewed)

    def count(self, counts: dict[tuple[ReviewState, bool], int]) -> int:
        return sum(number for kind, number in counts.items() if self.holds(*kind))


TABS = (
    Tab("all", mark("全部"), (ReviewState.DRAFT, ReviewState.IN_REVIEW, ReviewState.APPROVED)),
    Tab("draft", mark("草稿"), (ReviewState.DRAFT,)),
    Tab("in_review", mark("等审核"), (ReviewState.IN_REVIEW,)),
    Tab("starter", mark("自带的，还没审"), (ReviewState.APPROVED,), reviewed=False),
    Tab("again", mark("该再看看了"), (ReviewState.APPROVED,), due=True),
    Tab("approved", mark("审定"), (ReviewState.APPROVED,), reviewed=True),
    Tab("retired", mark("停用"), (ReviewState.RETIRED,)),
)


@router.get("")
def listing(
    request: Request,
    services: Served,
    me: Sees,
    q: str = "",
    about: str = "",
    age: str = "",
    lacking: str = "",
    state: str = "",
    start: str = "",
) -> HTMLResponse:
    """`about` is a topic, or a group of topics with a colon before it. What makes no sense narrows nothing."""
    wanted = Wanted(
        words=drafts.clean(q)[:LONGEST_SEARCH],
        group=about.removeprefix(":") if about.startswith(":") else "",
        topic=about if about in topics.by_slug() else "",
        age=int(age) if age in map(str, AGES) else None,
        lacking="zh" if lacking == "zh" else "en" if lacking == "en" else None,
    )
    if wanted.group and wanted.group not in {group.slug for group in topics.groups()}:
        wanted = Wanted(words=wanted.words, age=wanted.age, lacking=wanted.lacking)
    tab = next((tab for tab in TABS if tab.name == state), TABS[0])
    first = min(int(start), 1_000_000) if start.isdecimal() and len(start) < 9 else 0
    with services.database.transaction() as session:
        counts, due = queries.counts(session, wanted), queries.counts(session, replace(wanted, due=True))
        wanted = replace(wanted, due=tab.due)
        found = queries.listed(session, wanted, states=tab.states, reviewed=tab.reviewed, limit=PAGE + 1, offset=first)
        names = {one.id: one.name for one in accounts.everybody(session)}
    kept = {"q": wanted.words, "about": about if wanted.topic or wanted.group else "", "age": age, "lacking": lacking}
    facts: dict[str, Any] = {
        "tabs": TABS,
        "tab": tab,
        "numbers": {tab.name: tab.count(due if tab.due else counts) for tab in TABS},
        "is_left_out": looking_again.is_left_out,
        "passages": found[:PAGE],
        "names": names,
        "wanted": wanted,
        "kept": kept,
        "query": urlencode({name: value for name, value in kept.items() if value}),
        "ages": AGES,
        "groups": topics.groups(),
        "words": passage_words,
        "start": first,
        "more": first + PAGE if len(found) > PAGE else None,
        "page_size": PAGE,
        "may_write": may(me, Verb.WRITE_PASSAGES),
        "may_review": may(me, Verb.REVIEW_PASSAGES),
        "reviewers": services.settings.reviewers_required,
    }
    return show(request, "passages.html", **facts)
