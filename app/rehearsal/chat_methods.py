"""Methods that change what stands in a chat, answer presses, hand out files and set the bot's menus."""

from datetime import timedelta

from app.rehearsal.bot_requests import (
    AnswerCallbackQuery,
    DeleteMessage,
    DeleteMyCommands,
    EditMessageCaption,
    EditMessageReplyMarkup,
    EditMessageText,
    GetFile,
    GetMyCommands,
    ScopedCommands,
    SetChatMenuButton,
    SetMyCommands,
)
from app.rehearsal.files import LARGEST_DOWNLOAD
from app.rehearsal.keyboards import InlineKeyboard
from app.rehearsal.methods import Service, method
from app.rehearsal.refusals import bad
from app.rehearsal.sending_methods import caption_body, set_markup, text_body
from app.rehearsal.shapes import Answered, ChatKind, JsonObject, Message
from app.rehearsal.world import World
from kit import clock

_DELETABLE = timedelta(hours=48)
UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@method(EditMessageText)
async def edit_message_text(service: Service, asked: EditMessageText) -> object:
    message = _editable(service.world, asked.chat_id, asked.message_id)
    if "text" not in message.body:
        raise bad("there is no text in the message to edit")
    body = text_body(asked.text, asked.parse_mode, asked.entities)
    return _rewrite(service.world, message, body, asked.reply_markup)


@method(EditMessageCaption)
async def edit_message_caption(service: Service, asked: EditMessageCaption) -> object:
    message = _editable(service.world, asked.chat_id, asked.message_id)
    if "text" in message.body:
        raise bad("there is no caption in the message to edit")
    kept = {name: value for name, value in message.body.items() if not name.startswith("caption")}
    body = {**kept, **caption_body(asked.caption, asked.parse_mode, asked.caption_entities)}
    return _rewrite(service.world, message, body, asked.reply_markup)


@method(EditMessageReplyMarkup)
async def edit_message_reply_markup(service: Service, asked: EditMessageReplyMarkup) -> object:
    message = _editable(service.world, asked.chat_id, asked.message_id)
    return _rewrite(service.world, message, message.body, asked.reply_markup)


@method(DeleteMessage)
async def delete_message(service: Service, asked: DeleteMessage) -> object:
    service.world.open_chat(asked.chat_id)
    message = service.world.find(asked.chat_id, asked.message_id)
    if message is None:
        raise bad("message to delete not found")
    if clock.now() - message.date > _DELETABLE or (not message.from_bot and message.chat.kind is not ChatKind.PRIVATE):
        raise bad("message can't be deleted for everyone")
    message.deleted = True
    message.changed = service.world.touch()
    return True


@method(AnswerCallbackQuery)
async def answer_callback_query(service: Service, asked: AnswerCallbackQuery) -> object:
    """A second answer to one press is refused like a late one."""
    press = service.world.presses.get(asked.callback_query_id)
    if press is None or press.answered is not None or clock.now() - press.at > service.world.query_lifetime:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    press.answered = Answered(asked.text, asked.show_alert, asked.url)
    service.world.touch()
    return True


@method(GetFile)
async def get_file(service: Service, asked: GetFile) -> object:
    stored = service.world.files.by_id(asked.file_id)
    if len(stored.content) > LARGEST_DOWNLOAD:
        raise bad("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.file_unique_id,
        "file_size": len(stored.content),
        "file_path": stored.path,
    }


@method(SetMyCommands)
async def set_my_commands(service: Service, asked: SetMyCommands) -> object:
    service.world.commands[_scope(asked)] = [command.model_dump() for command in asked.commands]
    return True


@method(DeleteMyCommands)
async def delete_my_commands(service: Service, asked: DeleteMyCommands) -> object:
    service.world.commands.pop(_scope(asked), None)
    return True


@method(GetMyCommands)
async def get_my_commands(service: Service, asked: GetMyCommands) -> object:
    return service.world.commands.get(_scope(asked), [])


@method(SetChatMenuButton)
async def set_chat_menu_button(service: Service, asked: SetChatMenuButton) -> object:
    if asked.chat_id is not None:
        service.world.open_chat(asked.chat_id)
    service.world.menu_buttons[asked.chat_id] = asked.menu_button.model_dump(exclude_none=True)
    return True


def _editable(world: World, chat_id: int | str, message_id: int) -> Message:
    world.open_chat(chat_id)
    message = world.find(chat_id, message_id)
    if message is None:
        raise bad("message to edit not found")
    if not message.from_bot:
        raise bad("message can't be edited")
    return message


def _rewrite(world: World, message: Message, body: JsonObject, markup: InlineKeyboard | None) -> JsonObject:
    """An edit without a keyboard takes the keyboard away, as with Telegram."""
    before = (message.body, message.inline)
    message.body, message.inline = body, None
    set_markup(message, markup)
    if (message.body, message.inline) == before:
        raise bad(UNCHANGED)
    message.edited, message.changed = clock.now(), world.touch()
    return message.wire()


def _scope(asked: ScopedCommands) -> tuple[str, str]:
    scope = asked.scope
    return ":".join(str(part) for part in (scope.type, scope.chat_id, scope.user_id) if part is not None), asked.language_code
