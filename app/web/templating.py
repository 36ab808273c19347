"""Pages from templates: autoescaped, in the reader's language, with dates in China's time."""

from datetime import datetime
from pathlib import Path

from babel.dates import format_skeleton, format_time, format_timedelta
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from app.web.languages import LOCALES, translate, translations
from app.web.readers import Reader, reader_of, remember_visit
from app.web.security import FormTokens, uses_https
from app.web.static_files import APP, ROOMS, Static
from care.text import age_in_words
from kit import clock
from kit.settings import Settings
from knowledge.content import Lang

NO_STORE = "no-store"


class Pages:
    """Renders `room/name.html` from the `templates` folder of that room (web, console, chat)."""

    def __init__(self, settings: Settings, *, static: Static, forms: FormTokens) -> None:
        self._settings = settings
        self._forms = forms
        self._environments: dict[Lang, Environment] = {lang: self._environment(lang, static) for lang in LOCALES}

    def _environment(self, lang: Lang, static: Static) -> Environment:
        rooms = {room: FileSystemLoader(folder) for room in ROOMS if (folder := _templates(room)).is_dir()}
        made = Environment(
            loader=PrefixLoader(rooms),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.install_gettext_translations(translations(lang), newstyle=True)  # type: ignore[attr-defined]
        made.globals |= {"static": static.url, "operator_name": self._settings.operator_name, "lang": lang, "now": clock.now}
        made.filters |= {
            "when": lambda moment: when(moment, lang),
            "clock_time": lambda moment: clock_time(moment, lang),
            "ago": lambda moment: ago(moment, lang),
            "age": lambda months: age(months, lang),
        }
        return made

    def render(self, name: str, /, *, reader: Reader, **facts: object) -> str:
        """The page or fragment as text. `form_token` in a template is the hidden field that every form needs."""
        field = Markup('<input type="hidden" name="form_token" value="{}">').format(self._forms.make(reader.bound))
        return self._environments[reader.lang].get_template(name).render(reader=reader, form_token=field, **facts)

    def response(self, request: Request, name: str, /, *, status: int = 200, **facts: object) -> HTMLResponse:
        reader = reader_of(request)
        text = self.render(name, reader=reader, path=request.url.path, **facts)
        made = HTMLResponse(text, status_code=status, headers={"cache-control": NO_STORE})
        remember_visit(made, reader, secure=uses_https(self._settings))
        return made


def page(request: Request, name: str, /, *, status: int = 200, **facts: object) -> HTMLResponse:
    """The page `room/name.html` for whoever asks; set `request.state.reader` before to say who that is."""
    pages: Pages = request.app.state.pages
    return pages.response(request, name, status=status, **facts)


def when(moment: datetime, lang: Lang) -> str:
    """「11月22日 19:05」 in China's time."""
    day = format_skeleton("MMMd", moment, tzinfo=clock.CHINA, locale=LOCALES[lang])
    return f"{day} {format_time(moment, 'HH:mm', tzinfo=clock.CHINA, locale=LOCALES[lang])}"


def clock_time(moment: datetime, lang: Lang) -> str:
    """「11月22日 19:05:31」: where every second of a night counts."""
    day = format_skeleton("MMMd", moment, tzinfo=clock.CHINA, locale=LOCALES[lang])
    return f"{day} {format_time(moment, 'HH:mm:ss', tzinfo=clock.CHINA, locale=LOCALES[lang])}"


def ago(moment: datetime, lang: Lang) -> str:
    """「3小时前」 or, for what is to come, 「4小时后」."""
    return format_timedelta(moment - clock.now(), add_direction=True, locale=LOCALES[lang])


def age(months: int | None, lang: Lang) -> str:
    return translate("年龄未知", lang) if months is None else age_in_words(months, lang)


def _templates(room: str) -> Path:
    return APP / room / "templates"
