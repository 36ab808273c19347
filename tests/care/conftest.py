"""The clock of the tests of rules."""

from collections.abc import Iterator

import pytest

from kit import clock
from tests.care.privacy_life import NOON


@pytest.fixture
def at_noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield
