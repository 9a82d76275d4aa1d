"""``python -m stockpile.cli``: the same as the command ``stockpile``."""

from stockpile.cli.app import program

if __name__ == "__main__":
    program()
