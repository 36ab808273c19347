"""A form filled in by an editor, and what it left in the database: for the tests of the passage pages."""

import re
from html import unescape

from sqlmodel import Session, col, select

from care.services import Services
from knowledge.models import Passage, Revision
from tests.console.conftest import Browser, Colleague

TEXT = (
    "先蹲下来，看着娃儿的眼睛，慢慢说一句话，等他听完再说下一句。"
    "他要是没动，就走到跟前，轻轻拍一拍肩膀，再说一遍一样的话。"
    "说完等一等，心里数五下。他做到了，马上说一声谢谢你，让他晓得你看见了。"
)
"""Long enough, and nothing else that the lint would want to be seen first."""
GOOD: dict[str, str | list[str]] = {
    "zh_title": "说话慢半拍",
    "zh_text": TEXT,
    "zh_questions": "娃儿不听我说话咋办\n喊他几遍都不答应\n说话他当没听见\n叫吃饭叫不动\n奶奶说他耳朵不好使\n怎么说他才肯听",
    "en_title": "Speak half a beat slower",
    "en_text": "Crouch down, look into her eyes, say one thing slowly and wait until she has heard it. If nothing happens, walk "
    "over, touch her shoulder and say the same words again. Then count to five in silence. When she does it, thank her at once.",
    "en_questions": "My child does not listen\nHe ignores me when I call\nHow do I get her to listen?\nShe acts as if I were not there",
    "topic1": "responsive_care",
    "from_years": "1",
    "from_months": "6",
    "to_years": "4",
    "to_months": "",
    "audiences": ["ordinary_families"],
    "new_organisation": "世界卫生组织",
    "new_title": "养育照护框架",
    "new_year": "2018",
}


def send(browser: Browser, url: str, given: dict[str, str | list[str]], *, do: str = "save", **more: str) -> str:
    """The form with everything in `given`, and where it leads."""
    page = browser.client.post(url, data={"form_token": browser.token(), **given, **more, "do": do})
    return browser._followed(page).text


def newest(services: Services, passage_id: int) -> Revision:
    with services.database.transaction() as session:
        return rows(session, passage_id)[0]


def rows(session: Session, passage_id: int) -> list[Revision]:
    query = select(Revision).where(Revision.passage_id == passage_id)
    return list(session.exec(query.order_by(col(Revision.number).desc())))


def number_of(services: Services, slug: str) -> int:
    with services.database.transaction() as session:
        return session.exec(select(Passage).where(Passage.slug == slug)).one().key


def write(ning: Colleague, services: Services, *, do: str = "save", **changed: str) -> int:
    ning.browser.get("/console/passages/new")
    page = send(ning.browser, "/console/passages/new", {**GOOD, **changed}, do=do)
    assert 'role="alert"' not in page
    with services.database.transaction() as session:
        return session.exec(select(Passage).order_by(col(Passage.id).desc())).all()[0].key


def fields_of(page: str) -> dict[str, str | list[str]]:
    """What the form holds, as a browser would send it again."""
    form = page.split('class="writing"')[1]
    given: dict[str, str | list[str]] = {
        name: unescape(value) for name, value in re.findall(r'<input id="(\w+)" name="\w+" value="([^"]*)"', form)
    }
    given |= {name: unescape(text) for name, text in re.findall(r'<textarea id="(\w+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL)}
    for name, options in re.findall(r'<select id="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        given[name] = unescape(chosen[1]) if chosen else ""
    for name in ("audiences", "sources"):
        given[name] = [unescape(value) for value in re.findall(rf'name="{name}" value="([^"]*)" checked', form)]
    base = re.search(r'name="base" value="(\d*)"', form)
    return given | {"base": base[1] if base else ""}
