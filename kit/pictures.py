"""Photos made safe to keep: decoded and drawn anew in a process of little memory and time, so that nothing a camera wrote beside
the picture (place, device) stays, and nothing a stranger put into it runs here.
"""

import os
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from kit.errors import Invalid, Unavailable

LONGEST_SIDE = 2048
PATIENCE_S = 40
"""By the wall: more than the processor time that the process may use, for a machine under load."""

_PROGRAM = Path(__file__).with_name("draw_picture.py")
_BROKEN_INSTALLATION = 1  # what Python itself exits with when an import fails
_AT_ONCE = BoundedSemaphore(max(1, os.cpu_count() or 1))


class UnusablePicture(Invalid):
    """Not a JPEG, PNG, WebP or HEIC picture, or broken, or too large to decode."""


def reencode(content: bytes, *, longest: int = LONGEST_SIDE) -> bytes:
    """The first frame, upright, as a JPEG of at most `longest` pixels a side; what it is is told by its content, never by a name.

    The same picture gives the same bytes. Raises UnusablePicture; Unavailable when pictures cannot be read at all.
    """
    if not content:
        raise UnusablePicture
    with _AT_ONCE:
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(_PROGRAM), str(longest)],
                input=content,
                capture_output=True,
                timeout=PATIENCE_S,
                check=False,
                env={},
            )
        except subprocess.TimeoutExpired as error:
            raise UnusablePicture from error
    if done.returncode == _BROKEN_INSTALLATION:
        raise Unavailable(f"pictures cannot be read: {done.stderr[-300:].decode(errors='replace')}")
    if done.returncode or not done.stdout:
        raise UnusablePicture
    return done.stdout
