"""Who does a run: a lock that the system frees when its process ends, however it ends."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

FOLDER = ".claims"
BUSY = (errno.EWOULDBLOCK, errno.EACCES, errno.EAGAIN)


@dataclass
class Claim:
    """The lock on a run, held until it is released or the process ends.  Its file is gone afterwards."""

    file: Path
    handle: int

    def release(self) -> None:
        """Let others have the run."""
        if self.handle >= 0:
            self.file.unlink(missing_ok=True)
            os.close(self.handle)
            self.handle = -1


def claim(batch: Path, run: str, wait: bool = False) -> Claim | None:
    """Claim a run; None where another process has it, unless it is waited for.  Raises OSError where there can be no lock."""
    import fcntl

    file = batch / FOLDER / f"{run}.lock"
    file.parent.mkdir(parents=True, exist_ok=True)
    while True:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            if _is_at(file, handle):
                return Claim(file, handle)
        except OSError as error:
            os.close(handle)
            if error.errno in BUSY:
                return None
            raise
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _is_at(file: Path, handle: int) -> bool:
    """Whether the file that is locked is still the one of that name: who released it has removed it."""
    try:
        there, mine = file.stat(), os.fstat(handle)
    except FileNotFoundError:
        return False
    return (there.st_ino, there.st_dev) == (mine.st_ino, mine.st_dev)
