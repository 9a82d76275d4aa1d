"""Addresses of settings and cells, and changes of them, in one line of text: ``prices[MP,2].price*=1.2``.

What the text means is said in ``instances/README.md``; ``changes.py`` applies it.
"""

from __future__ import annotations

from dataclasses import dataclass

#: How a value is combined with what is there.
OPERATORS = ("*=", "+=", "=")
EXAMPLES = "economics.discount_rate=0.05, sources[MP].lead_time=2y or prices[*].price*=1.2"


@dataclass(frozen=True)
class Target:
    """A setting (``key`` is None), or a column of the rows of a table whose key has some parts; a part that is None is any."""

    table: str
    column: str
    key: tuple[str | None, ...] | None = None

    def __str__(self) -> str:
        if self.key is None:
            return f"{self.table}.{self.column}" if self.table else self.column
        return f"{self.table}[{','.join('*' if part is None else quoted(part) for part in self.key)}].{self.column}"


@dataclass(frozen=True)
class Change:
    """A target, ``=``, ``*=`` or ``+=``, and a value as text; a blank one empties a cell."""

    target: Target
    operator: str
    value: str

    def __str__(self) -> str:
        return f"{self.target}{self.operator}{self.value}"


def quoted(name: str) -> str:
    """A part of a key as it is written between brackets."""
    plain = name != "*" and name == name.strip() and not any(c in name for c in ',]"')
    return name if plain else '"' + name.replace('"', '""') + '"'


def parse_change(text: str) -> Change:
    """A change from text.  Raises ValueError with what would be right."""
    target, rest = _target(text)
    for operator in OPERATORS:
        if rest.startswith(operator):
            return Change(target, operator, rest[len(operator) :].strip())
    raise ValueError(f"has no value; write KEY=VALUE, as {EXAMPLES}")


def parse_target(text: str) -> Target:
    """An address from text.  Raises ValueError with what would be right."""
    target, rest = _target(text)
    if rest:
        raise ValueError(f"goes on with {rest[:40]!r} after the address of a setting or a column")
    return target


def _target(text: str) -> tuple[Target, str]:
    """The address at the beginning of a text, and what follows."""
    head, rest = _word(text)
    key = None
    if rest.startswith("["):
        key, rest = _key(rest[1:])
        if not rest.startswith("."):
            raise ValueError(f"names no column; write {head}[KEY].COLUMN=VALUE")
    if not head:
        raise ValueError(f"does not begin with a setting or a table; write KEY=VALUE, as {EXAMPLES}")
    if not rest.startswith("."):
        return Target("", head), rest
    column, rest = _word(rest[1:])
    return Target(head, column, key), rest


def _word(text: str) -> tuple[str, str]:
    """What stands before the first character with a meaning, and the rest from there on."""
    end = next((i for i, c in enumerate(text) if c in ".[=*+"), len(text))
    return text[:end].strip(), text[end:]


def _key(text: str) -> tuple[tuple[str | None, ...], str]:
    """The parts of a key up to the bracket that closes it, and what follows the bracket."""
    parts: list[str | None] = []
    while True:
        part, text = _part(text.lstrip())
        parts.append(part)
        text = text.lstrip()
        if text.startswith("]"):
            return tuple(parts), text[1:].lstrip()
        if not text.startswith(","):
            wanted = 'has no "]" after its key' if not text else f"has {text[:20]!r} after a quoted name"
            raise ValueError(
                f'{wanted}; names with a comma, a bracket or a quote stand in quotes: prices["a,b",2].price'
            )
        text = text[1:]


def _part(text: str) -> tuple[str | None, str]:
    """One part of a key: a name, in quotes where it must be (a quote in it is doubled), or any."""
    if text.startswith('"'):
        name, at = "", 1
        while at < len(text):
            if text[at] == '"' and text[at + 1 : at + 2] != '"':
                return name, text[at + 1 :]
            name += text[at]
            at += 2 if text[at] == '"' else 1
        raise ValueError('has a quote that is not closed; a quote in a name is doubled: ""')
    end = next((i for i, c in enumerate(text) if c in ",]"), len(text))
    name = text[:end].strip()
    return None if name == "*" else name, text[end:]
