"""The one way in: an event of anybody, on any channel."""

from bot.dialogue import parents, staff_desk
from bot.dialogue.events import Incoming
from care.families.models import Channel
from care.services import Services


def respond(services: Services, incoming: Incoming) -> None:
    """Answer `incoming` and finish its inbox row. Running it again for the same row repeats nothing."""
    if incoming.channel is Channel.TELEGRAM and staff_desk.respond(services, incoming):
        return
    parents.respond(services, incoming)
