from pathlib import Path

import numpy as np

from index.remembering import RememberingEncoder
from tests.index.letters import LetterEncoder


def test_a_text_is_encoded_once_for_this_run_and_the_next(tmp_path: Path) -> None:
    real = LetterEncoder()
    first = RememberingEncoder(real, folder=tmp_path)
    given = first.encode(["apple", "pear"])
    assert np.array_equal(first.encode(["pear"])[0], given[1])
    first.keep()
    second = RememberingEncoder(real, folder=tmp_path)
    assert np.array_equal(second.encode(["apple", "plum"])[0], given[0])
    assert real.texts == ["apple", "pear", "plum"]
    second.keep()
    RememberingEncoder(real, folder=tmp_path).encode(["pear"])
    assert real.texts[-1] == "pear", "what a run did not ask for is not kept for ever"


def test_a_broken_file_only_costs_time(tmp_path: Path) -> None:
    kept = RememberingEncoder(LetterEncoder(), folder=tmp_path)
    kept.encode(["apple"])
    kept.keep()
    (place,) = tmp_path.glob("*.npz")
    place.write_bytes(place.read_bytes()[:40])
    assert RememberingEncoder(LetterEncoder(), folder=tmp_path).encode(["apple"]).shape == (1, kept.dimensions)
