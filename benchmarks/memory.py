"""Peak memory of build and hand-over, as growth over the imports: one process for each peer.

``python -m benchmarks.memory PEER SIZE`` prints megabytes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def growth(peer: str, size: str) -> float:
    """Megabytes of a peer in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.memory", peer, size]
    return float(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.split()[-1])


def _peak() -> float:
    """The greatest memory of this process so far (Linux; ru_maxrss would start with that of the process that started it)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main(peer: str, size: str) -> None:
    """Imports and a tiny model first, then the one that counts."""
    from benchmarks.case import make_case
    from benchmarks.peers import PEERS

    PEERS[peer](make_case("tiny"))
    case = make_case(size)
    before = _peak()
    held = PEERS[peer](case)
    print(_peak() - before)
    del held


if __name__ == "__main__":
    main(*sys.argv[1:])
