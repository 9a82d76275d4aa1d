"""What the machine has and what a process takes: cores and memory, MB of a million bytes."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

MB = 1e6
USUAL_MB = 1000.0
"""Memory that a run is thought to take where it has no limit."""
STATUS = Path("/proc/self/status")


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def free_mb() -> float:
    """Memory that is free for use, within what the control group of this process leaves; infinite where it cannot be told."""
    found = [float("inf")]
    with contextlib.suppress(OSError, ValueError, IndexError):
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        found.append(float(re.findall(r"MemAvailable:\s+(\d+)", text)[0]) * 1024 / MB)
    for most, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        with contextlib.suppress(OSError, ValueError):
            found.append((int(Path(most).read_text()) - int(Path(used).read_text())) / MB)
    return max(min(found), 0.0)


def workers_for(threads: int, memory_mb: float | None) -> int:
    """Workers that the machine has room for, at least one: by cores, and by memory that each may take."""
    by_memory = free_mb() / (memory_mb or USUAL_MB)
    return max(1, int(min(cores() // max(threads, 1), by_memory)))


def resident_mb(process: int) -> float:
    """Memory that a process has, 0 where it is gone."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / MB
    except (OSError, ValueError, IndexError):
        pass
    if Path("/proc/self").exists():
        return 0.0
    ended = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=False)
    return float(ended.stdout.strip() or 0) * 1024 / MB


def reset_peak() -> None:
    """Count the most memory of this process anew from here, where the system can."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_mb() -> float:
    """The most memory that this process has had, since ``reset_peak`` where the system counts anew."""
    with contextlib.suppress(OSError, IndexError):
        return round(float(re.findall(r"VmHWM:\s+(\d+)", STATUS.read_text(encoding="ascii"))[0]) * 1024 / MB, 1)
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most * (1.0 if sys.platform == "darwin" else 1024.0) / MB, 1)


def first_to_go() -> None:
    """If memory runs out, let the system end this process and not the one that keeps the batch."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
