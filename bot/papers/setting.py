"""Papers set as PDF. Where they are offered is the channels' business."""

import json
from dataclasses import asdict
from pathlib import Path

from bot.papers.models import Paper
from kit import typesetting

TEMPLATE = Path(__file__).with_name("sheets.typ")


def pdf(*papers: Paper, two_up: bool = False) -> bytes:
    """All of them in one document, named like the first. `two_up`: each card twice on a page that is cut in two, where it fits in
    letters of 14 points. Takes 10 to 40 ms a sheet, so it is not for the event loop. Raises kit.errors.Unavailable."""
    return typesetting.pdf(TEMPLATE, facts(*papers, two_up=two_up))


def facts(*papers: Paper, two_up: bool = False) -> str:
    """What the template reads."""
    sheets = [asdict(paper.sheet) for paper in papers]
    whole = {"lang": papers[0].lang, "title": papers[0].name, "two_up": two_up, "sheets": sheets}
    return json.dumps(whole, ensure_ascii=False)
