"""The command line: arguments in, exit status out.  This room alone prints and exits."""

from stockpile.cli.app import program as main

__all__ = ["main"]
