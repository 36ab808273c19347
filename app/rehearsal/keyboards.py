"""The shapes of `reply_markup` and the limits Telegram puts on buttons."""

import json
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from app.rehearsal.markup import link_works

LONGEST_LABEL = 100  # no rule of Telegram's: phones cut longer labels off, so a rehearsal refuses them
MOST_BUTTONS = 100
WIDEST_ROW = 8


def from_json(value: object) -> object:
    """Forms carry nested values as JSON texts, JSON bodies carry them as they are."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as err:
        raise ValueError("can't parse JSON object") from err


def _label(text: str) -> str:
    if not text.strip():
        raise ValueError("button text must be non-empty")
    if len(text) > LONGEST_LABEL:
        raise ValueError(f"button text is longer than {LONGEST_LABEL} characters and would be cut off on a phone")
    return text


def _callback_data(data: str) -> str:
    if not 1 <= len(data.encode()) <= 64:
        raise ValueError("BUTTON_DATA_INVALID")
    return data


def _button_url(url: str) -> str:
    if not link_works(url):
        raise ValueError(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return url


Label = Annotated[str, AfterValidator(_label)]


class Shape(BaseModel):
    """A nested object whose unknown fields are refused, so that a misspelt name cannot pass unseen."""

    model_config = ConfigDict(extra="forbid")


class CopyText(Shape):
    text: str = Field(min_length=1, max_length=256)


class WebAppInfo(Shape):
    url: str = Field(pattern=r"^https://")


class InlineButton(Shape):
    text: Label
    callback_data: Annotated[str, AfterValidator(_callback_data)] | None = None
    url: Annotated[str, AfterValidator(_button_url)] | None = None
    web_app: WebAppInfo | None = None
    copy_text: CopyText | None = None
    switch_inline_query: str | None = None
    switch_inline_query_current_chat: str | None = None
    style: Literal["danger", "success", "primary"] | None = None
    icon_custom_emoji_id: str | None = None

    @model_validator(mode="after")
    def one_action(self) -> Self:
        actions = self.model_dump(exclude={"text", "style", "icon_custom_emoji_id"}, exclude_none=True)
        if len(actions) != 1:
            raise ValueError(
                "Text buttons are unallowed in the inline keyboard" if not actions else "a button needs exactly one action"
            )
        return self


class InlineKeyboard(Shape):
    inline_keyboard: list[list[InlineButton]]

    @model_validator(mode="after")
    def not_too_many(self) -> Self:
        _check_rows(self.inline_keyboard)
        return self


class KeyboardButton(Shape):
    text: Label
    request_contact: bool | None = None
    request_location: bool | None = None
    web_app: WebAppInfo | None = None
    style: Literal["danger", "success", "primary"] | None = None
    icon_custom_emoji_id: str | None = None


class ReplyKeyboard(Shape):
    keyboard: list[list[Label | KeyboardButton]] = Field(min_length=1)
    is_persistent: bool | None = None
    resize_keyboard: bool | None = None
    one_time_keyboard: bool | None = None
    input_field_placeholder: str | None = Field(default=None, min_length=1, max_length=64)
    selective: bool | None = None

    @model_validator(mode="after")
    def not_too_many(self) -> Self:
        _check_rows(self.keyboard)
        return self


class RemoveKeyboard(Shape):
    remove_keyboard: Literal[True]
    selective: bool | None = None


class ForceReply(Shape):
    force_reply: Literal[True]
    input_field_placeholder: str | None = Field(default=None, min_length=1, max_length=64)
    selective: bool | None = None


def _check_rows(rows: list[list[Any]]) -> None:
    if sum(len(row) for row in rows) > MOST_BUTTONS:
        raise ValueError(f"reply markup has more than {MOST_BUTTONS} buttons")
    if any(len(row) > WIDEST_ROW for row in rows):
        raise ValueError(f"a row of the reply markup has more than {WIDEST_ROW} buttons")


_SHAPES: dict[str, type[Shape]] = {
    "inline_keyboard": InlineKeyboard,
    "keyboard": ReplyKeyboard,
    "remove_keyboard": RemoveKeyboard,
    "force_reply": ForceReply,
}


def _choose(value: object) -> object:
    """Pick the shape by its leading field, so that the error names what is wrong in that shape alone."""
    value = from_json(value)
    if not isinstance(value, dict):
        raise ValueError("can't parse reply keyboard markup JSON object")
    for name, shape in _SHAPES.items():
        if name in value:
            return shape.model_validate(value)
    raise ValueError("object expected as reply markup")


InlineMarkup = Annotated[InlineKeyboard, BeforeValidator(from_json)]
AnyMarkup = Annotated[InlineKeyboard | ReplyKeyboard | RemoveKeyboard | ForceReply, BeforeValidator(_choose)]
