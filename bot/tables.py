"""Every table of the house, imported for its effect on `SQLModel.metadata`: migrations and their tests start here."""

from bot.dialogue import models as dialogue
from bot.inbox import models as inbox
from care.cases import models as cases
from care.duty import models as duty
from care.families import models as families
from care.gaps import models as gaps
from care.homework import models as homework
from care.messages import models as messages
from care.people import models as people
from care.places import models as places
from care.privacy import models as privacy
from care.questions import models as questions
from care.recalls import models as recalls
from care.roster import models as roster
from care.safeguarding import models as safeguarding
from kit import audit, limits, tokens
from kit.accounts import models as accounts
from knowledge import models as knowledge
from knowledge.editions import models as editions

__all__ = [
    "accounts",
    "audit",
    "cases",
    "dialogue",
    "duty",
    "editions",
    "families",
    "gaps",
    "homework",
    "inbox",
    "knowledge",
    "limits",
    "messages",
    "people",
    "places",
    "privacy",
    "questions",
    "recalls",
    "roster",
    "safeguarding",
    "tokens",
]
