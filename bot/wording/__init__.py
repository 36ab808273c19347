"""Notices worded for a reader: a kind and its facts become blocks and buttons in her language. No rule lives here."""

from bot.wording import (  # noqa: F401 - each registers its wordings
    answers,
    cards,
    classroom,
    closing,
    families,
    flows,
    following,
    homework,
    on_duty,
    people,
    privacy,
    recalls,
    staff,
)
from bot.wording.rendering import render

__all__ = ["render"]
