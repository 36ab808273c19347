"""Methods about the bot itself and how its updates reach it."""

from urllib.parse import urlsplit

from app.rehearsal.bot_requests import DeleteWebhook, GetMe, GetUpdates, GetWebhookInfo, SetWebhook
from app.rehearsal.methods import Service, method
from app.rehearsal.refusals import bad
from app.rehearsal.shapes import JsonObject
from app.rehearsal.updates import KINDS, Updates
from app.rehearsal.webhook import Webhook

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
PUBLIC_PORTS = {None, 80, 88, 443, 8443}
EVERY_KIND = KINDS | {
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "guest_message",
    "managed_bot",
}


@method(GetMe)
async def get_me(service: Service, _: GetMe) -> object:
    return {
        **service.world.bot.wire(),
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method(GetUpdates)
async def get_updates(service: Service, asked: GetUpdates) -> object:
    _allow(service.updates, asked.allowed_updates)
    found = await service.updates.poll(offset=asked.offset, limit=asked.limit, timeout=asked.timeout)
    return [update.wire() for update in found]


@method(SetWebhook)
async def set_webhook(service: Service, asked: SetWebhook) -> object:
    if asked.url:
        _check_address(asked.url)
    _allow(service.updates, asked.allowed_updates)
    await _remove(service.updates, drop=asked.drop_pending_updates)
    if asked.url:
        _install(service, asked)
    return True


@method(DeleteWebhook)
async def delete_webhook(service: Service, asked: DeleteWebhook) -> object:
    await _remove(service.updates, drop=asked.drop_pending_updates)
    return True


@method(GetWebhookInfo)
async def get_webhook_info(service: Service, _: GetWebhookInfo) -> object:
    updates, hook = service.updates, service.updates.webhook
    answer: JsonObject = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending),
    }
    if hook:
        answer["max_connections"] = hook.max_connections
    if hook and hook.last_error:
        at, words = hook.last_error
        answer |= {"last_error_date": int(at.timestamp()), "last_error_message": words}
    if updates.allowed is not None:
        answer["allowed_updates"] = sorted(updates.allowed)
    return answer


def _install(service: Service, asked: SetWebhook) -> None:
    service.updates.stop_polls()
    service.updates.webhook = hook = Webhook(
        asked.url,
        service.updates,
        secret_token=asked.secret_token,
        max_connections=asked.max_connections,
        backoff=service.backoff,
        perform=service.perform,
    )
    for update in service.updates.pending.values():
        hook.wake(update.lane)


async def _remove(updates: Updates, *, drop: bool) -> None:
    hook, updates.webhook = updates.webhook, None
    if hook is not None:
        await hook.close()
    if drop:
        updates.pending.clear()


def _allow(updates: Updates, kinds: list[str] | None) -> None:
    """None keeps what was asked before, an empty list means the default; the setting binds later updates only."""
    if kinds is None:
        return
    if unknown := set(kinds) - EVERY_KIND:
        raise bad(f"unsupported update type {sorted(unknown)[0]!r} in allowed_updates")
    updates.allowed = frozenset(kinds) or None


def _check_address(url: str) -> None:
    """Telegram asks for https on four ports; a rehearsal also takes an address on this machine."""
    parts = urlsplit(url)
    if parts.hostname in LOOPBACK:
        return
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if parts.port not in PUBLIC_PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
