"""What all tests stand on."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Heed Ctrl-C, which a shell that starts the tests in the background has ignored: some send it to programs of theirs."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
