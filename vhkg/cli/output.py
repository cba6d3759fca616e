"""Where a command's bytes go."""

from __future__ import annotations

import sys
from pathlib import Path

from vhkg.errors import UsageError


def write_bytes(path: str | None, content: bytes) -> None:
    """Write to a file; to standard output for ``-`` or None. Raises UsageError."""
    if path is None or path == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot be written: {reason}", place=path, mend="name another file") from error
