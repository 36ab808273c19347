"""The parts every story needs, chosen once in `app` and handed down."""

from dataclasses import dataclass

from care.cases.hours import DutyHours
from care.editions.library import Library
from kit.blobs import Blobs
from kit.db import Database
from kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    database: Database
    blobs: Blobs
    library: Library
    hours: DutyHours
    signing_key: str

    @property
    def allow_unreviewed(self) -> bool:
        """Only in development may parents be shown passages that no local expert has reviewed."""
        return self.settings.environment == "development"
