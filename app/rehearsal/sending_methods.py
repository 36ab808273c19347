"""Methods that put messages into a chat."""

from app.rehearsal.bot_requests import (
    Captioned,
    CopyMessage,
    Entity,
    FileInput,
    Media,
    SendChatAction,
    SendDocument,
    Sending,
    SendMediaGroup,
    SendMessage,
    SendPhoto,
    SendVoice,
)
from app.rehearsal.files import FileStore, StoredFile, Upload, document_body, photo_body, voice_body
from app.rehearsal.keyboards import AnyMarkup, InlineKeyboard
from app.rehearsal.markup import read, units
from app.rehearsal.methods import Service, method
from app.rehearsal.refusals import bad
from app.rehearsal.shapes import JsonObject, Message
from app.rehearsal.world import World

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024


def text_body(text: str, parse_mode: str | None, entities: list[Entity] | None) -> JsonObject:
    """The `text` and `entities` of a message, limits held."""
    plain, marks = _marked(text, parse_mode, entities)
    if not plain:
        raise bad("message text is empty")
    if units(plain) > LONGEST_TEXT:
        raise bad("message is too long")
    return {"text": plain, "entities": marks} if marks else {"text": plain}


def caption_body(caption: str | None, parse_mode: str | None, entities: list[Entity] | None) -> JsonObject:
    plain, marks = _marked(caption or "", parse_mode, entities)
    if units(plain) > LONGEST_CAPTION:
        raise bad("message caption is too long")
    if not plain:
        return {}
    return {"caption": plain, "caption_entities": marks} if marks else {"caption": plain}


def set_markup(message: Message, markup: AnyMarkup | None) -> None:
    """Put the keyboard the bot asked for under the message, or in place of the person's keyboard."""
    if isinstance(markup, InlineKeyboard):
        rows = markup.model_dump(exclude_none=True)["inline_keyboard"]
        message.inline = [row for row in rows if row] or None
    elif markup is not None:
        message.markup = markup.model_dump(exclude_none=True)


def deliver(world: World, asked: Sending, body: JsonObject) -> Message:
    """Post for the bot, once the chat is open to it and the message replied to exists."""
    chat = world.open_chat(asked.chat_id)
    reply_to = None
    if asked.reply_parameters is not None:
        wanted = asked.reply_parameters
        reply_to = world.find(wanted.chat_id or chat.chat_id, wanted.message_id)
        if reply_to is None and not wanted.allow_sending_without_reply:
            raise bad("message to be replied not found")
    message = world.post(chat, world.bot, body=body, reply_to=reply_to)
    message.silent, message.protected = asked.disable_notification, asked.protect_content
    set_markup(message, asked.reply_markup)
    return message


@method(SendMessage)
async def send_message(service: Service, asked: SendMessage) -> object:
    service.world.open_chat(asked.chat_id)
    return deliver(service.world, asked, text_body(asked.text, asked.parse_mode, asked.entities)).wire()


@method(SendPhoto)
async def send_photo(service: Service, asked: SendPhoto) -> object:
    return _send_file(service, asked, "photo", asked.photo)


@method(SendVoice)
async def send_voice(service: Service, asked: SendVoice) -> object:
    return _send_file(service, asked, "voice", asked.voice, seconds=asked.duration or 0)


@method(SendDocument)
async def send_document(service: Service, asked: SendDocument) -> object:
    return _send_file(service, asked, "document", asked.document)


@method(SendMediaGroup)
async def send_media_group(service: Service, asked: SendMediaGroup) -> object:
    if not 2 <= len(asked.media) <= 10:
        raise bad("there must be between 2 and 10 media in an album")
    if len({media.type for media in asked.media}) > 1:
        raise bad("photos and documents can't be mixed in an album")
    service.world.open_chat(asked.chat_id)
    bodies = [_album_item(service.world.files, asked, media) for media in asked.media]
    group = service.world.next_album()
    return [deliver(service.world, asked, {**body, "media_group_id": group}).wire() for body in bodies]


@method(CopyMessage)
async def copy_message(service: Service, asked: CopyMessage) -> object:
    source = service.world.find(asked.from_chat_id, asked.message_id)
    if source is None:
        raise bad("message to copy not found")
    body = {name: value for name, value in source.body.items() if name != "media_group_id"}
    if asked.caption is not None and source.kind != "text":
        body = {name: value for name, value in body.items() if not name.startswith("caption")}
        body |= caption_body(asked.caption, asked.parse_mode, asked.caption_entities)
    return {"message_id": deliver(service.world, asked, body).message_id}


@method(SendChatAction)
async def send_chat_action(service: Service, asked: SendChatAction) -> object:
    service.world.open_chat(asked.chat_id)
    return True


def _marked(text: str, parse_mode: str | None, entities: list[Entity] | None) -> tuple[str, list[JsonObject]]:
    if entities is None or parse_mode:
        return read(text, parse_mode)
    plain, _ = read(text, None)
    if any(entity.offset + entity.length > units(text) for entity in entities):
        raise bad("ENTITY_BOUNDS_INVALID")
    return plain, [entity.model_dump(exclude_none=True) for entity in entities]


def _send_file(service: Service, asked: Captioned, kind: str, given: FileInput, *, seconds: int = 0) -> JsonObject:
    service.world.open_chat(asked.chat_id)
    caption = caption_body(asked.caption, asked.parse_mode, asked.caption_entities)
    body = _file_body(service.world.files, kind, _resolve(asked.attached, given), seconds)
    return deliver(service.world, asked, {**body, **caption}).wire()


def _album_item(files: FileStore, asked: SendMediaGroup, media: Media) -> JsonObject:
    body = _file_body(files, media.type, _resolve(asked.attached, media.media), 0)
    return {**body, **caption_body(media.caption, media.parse_mode, media.caption_entities)}


def _resolve(attached: dict[str, Upload], given: FileInput) -> FileInput:
    if isinstance(given, str) and given.startswith("attach://"):
        name = given.removeprefix("attach://")
        if name not in attached:
            raise bad(f'file part "{name}" is missing')
        return attached[name]
    return given


def _file_body(files: FileStore, kind: str, given: FileInput, seconds: int) -> JsonObject:
    if isinstance(given, str):
        return _again(files.by_id(given), kind)
    if kind == "photo":
        return photo_body(files, given)
    return voice_body(files, given, seconds) if kind == "voice" else document_body(files, given)


def _again(stored: StoredFile, kind: str) -> JsonObject:
    if stored.kind != kind:
        raise bad(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    return {kind: [stored.wire] if kind == "photo" else stored.wire}
