"""One model for each Bot API method the stand-in speaks: the parameters it takes, their types and limits.

A parameter that no model names is refused: Telegram would overlook a misspelt name, a rehearsal must not.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from app.rehearsal.files import Upload
from app.rehearsal.keyboards import AnyMarkup, InlineMarkup, Shape, from_json
from app.rehearsal.shapes import JsonObject


def _chat_id(value: object) -> object:
    if isinstance(value, str) and value.removeprefix("-").isdigit():
        return int(value)
    return value


def _command(name: str) -> str:
    if not (1 <= len(name) <= 32 and all(ch in "abcdefghijklmnopqrstuvwxyz0123456789_" for ch in name)):
        raise ValueError("BOT_COMMAND_INVALID")
    return name


ChatId = Annotated[int | str, BeforeValidator(_chat_id)]
FileInput = Upload | str
UpdateKinds = Annotated[list[str], BeforeValidator(from_json)]


class Asked(BaseModel):
    """What every request has: files attached to it under names of the bot's own."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    attached: dict[str, Upload] = Field(default_factory=dict)


class Entity(Shape):
    type: str
    offset: int = Field(ge=0)
    length: int = Field(gt=0)
    url: str | None = None
    language: str | None = None
    custom_emoji_id: str | None = None
    user: JsonObject | None = None


Entities = Annotated[list[Entity], BeforeValidator(from_json)]


class ReplyParameters(Shape):
    message_id: int
    chat_id: ChatId | None = None
    allow_sending_without_reply: bool = False
    quote: str | None = None
    quote_parse_mode: str | None = None
    quote_position: int | None = None


class LinkPreview(Shape):
    is_disabled: bool | None = None
    url: str | None = None
    prefer_small_media: bool | None = None
    prefer_large_media: bool | None = None
    show_above_text: bool | None = None


class Sending(Asked):
    """What every method that puts a message into a chat takes."""

    chat_id: ChatId
    message_thread_id: int | None = None
    disable_notification: bool = False
    protect_content: bool = False
    allow_paid_broadcast: bool | None = None
    message_effect_id: str | None = None
    reply_parameters: Annotated[ReplyParameters, BeforeValidator(from_json)] | None = None
    reply_markup: AnyMarkup | None = None


class Captioned(Sending):
    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: Entities | None = None


class GetMe(Asked):
    pass


class GetUpdates(Asked):
    offset: int | None = None
    limit: int = Field(default=100, ge=1, le=100)
    timeout: int = Field(default=0, ge=0)
    allowed_updates: UpdateKinds | None = None


class SetWebhook(Asked):
    url: str
    certificate: FileInput | None = None
    ip_address: str | None = None
    max_connections: int = Field(default=40, ge=1, le=100)
    allowed_updates: UpdateKinds | None = None
    drop_pending_updates: bool = False
    secret_token: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{1,256}$")


class DeleteWebhook(Asked):
    drop_pending_updates: bool = False


class GetWebhookInfo(Asked):
    pass


class SendMessage(Sending):
    text: str
    parse_mode: str | None = None
    entities: Entities | None = None
    link_preview_options: Annotated[LinkPreview, BeforeValidator(from_json)] | None = None


class SendPhoto(Captioned):
    photo: FileInput
    show_caption_above_media: bool = False
    has_spoiler: bool = False


class SendVoice(Captioned):
    voice: FileInput
    duration: int | None = Field(default=None, ge=0)


class SendDocument(Captioned):
    document: FileInput
    thumbnail: FileInput | None = None
    disable_content_type_detection: bool | None = None


class Media(Shape):
    type: Literal["photo", "document"]
    media: str
    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: Entities | None = None
    has_spoiler: bool | None = None
    show_caption_above_media: bool | None = None
    disable_content_type_detection: bool | None = None


class SendMediaGroup(Sending):
    media: Annotated[list[Media], BeforeValidator(from_json)]
    reply_markup: None = None


class CopyMessage(Captioned):
    from_chat_id: ChatId
    message_id: int
    show_caption_above_media: bool = False
    video_start_timestamp: int | None = None


class Editing(Asked):
    chat_id: ChatId
    message_id: int
    reply_markup: InlineMarkup | None = None


class EditMessageText(Editing):
    text: str
    parse_mode: str | None = None
    entities: Entities | None = None
    link_preview_options: Annotated[LinkPreview, BeforeValidator(from_json)] | None = None


class EditMessageCaption(Editing):
    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: Entities | None = None
    show_caption_above_media: bool = False


class EditMessageReplyMarkup(Editing):
    pass


class DeleteMessage(Asked):
    chat_id: ChatId
    message_id: int


class AnswerCallbackQuery(Asked):
    callback_query_id: str
    text: str | None = Field(default=None, max_length=200)
    show_alert: bool = False
    url: str | None = None
    cache_time: int = Field(default=0, ge=0)


ACTIONS = (
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
)


def _action(name: str) -> str:
    if name not in ACTIONS:
        raise ValueError("wrong parameter action in request")
    return name


class SendChatAction(Asked):
    chat_id: ChatId
    message_thread_id: int | None = None
    action: Annotated[str, AfterValidator(_action)]


class GetFile(Asked):
    file_id: str


class CommandScope(Shape):
    type: Literal[
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ]
    chat_id: ChatId | None = None
    user_id: int | None = None


class Command(Shape):
    command: Annotated[str, AfterValidator(_command)]
    description: str = Field(min_length=1, max_length=256)


class ScopedCommands(Asked):
    scope: Annotated[CommandScope, BeforeValidator(from_json)] = CommandScope(type="default")
    language_code: str = Field(default="", pattern=r"^([a-z]{2})?$")


class SetMyCommands(ScopedCommands):
    commands: Annotated[list[Command], BeforeValidator(from_json)] = Field(max_length=100)


class DeleteMyCommands(ScopedCommands):
    pass


class GetMyCommands(ScopedCommands):
    pass


class WebAppLink(Shape):
    url: str = Field(pattern=r"^https://")


class MenuButton(Shape):
    type: Literal["commands", "web_app", "default"]
    text: str | None = None
    web_app: WebAppLink | None = None


class SetChatMenuButton(Asked):
    chat_id: int | None = None
    menu_button: Annotated[MenuButton, BeforeValidator(from_json)] = MenuButton(type="default")
