"""Danger comes first: every word of a parent is screened here before consent, limits and flow. No database, no channel, no case."""

from care.safety.first_lines import first_line
from care.safety.models import Category, Level, Screened
from care.safety.screening import screen, unreadable

__all__ = ["Category", "Level", "Screened", "first_line", "screen", "unreadable"]
