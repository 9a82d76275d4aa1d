"""Broken tables of pins."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import content


def pin(row: str, column: str, words: str) -> Broken:
    """A pin that is wrong in a column."""
    head = "pin,decision,name,stage,sector,at_least,at_most\n"
    return Broken(content("pins.csv", f"{head}a,{row}\n"), "pins.csv", 2, column, words)


PINS = {
    "pin-of-what": pin("serve,Dy oxide,,,5,", "decision", "did you mean 'service'?"),
    "pin-of-a-good": pin("service,Dy oxid,,,5,", "name", "is not in goods.csv; did you mean 'Dy oxide'?"),
    "pin-of-a-fund": pin("draw,facilty,,,5,", "name", "is not in funds.csv; did you mean"),
    "pin-to-borrow": pin("draw,facility,,,5,", "at_least", "a draw may be limited only"),
    "pin-of-no-facility": pin("draw,treasury,,,5,", "name", "is no credit facility"),
    "pin-for-whom": pin("service,Dy oxide,,motor,5,", "sector", "did you mean 'motors'?"),
    "pin-with-a-sector": pin("stock,Dy oxide,,motors,5,", "sector", "a pin of stock has no sector"),
    "pin-with-a-stage": pin("sale,Dy oxide,1,,5,", "stage", "a pin of sale has no stage"),
    "pin-over-a-stage": pin("release,separation plant,1,,2,", "at_least", "at_least is 0 or 1"),
}
