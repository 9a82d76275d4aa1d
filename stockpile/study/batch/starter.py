"""A small commented study to start from."""

from __future__ import annotations

import json
import os
from pathlib import Path

from stockpile.study.batch.folder import write_text

TEXT = """\
# A study: each instance with each value of what is varied. All keys: instances/STUDIES.md
# List its runs:  stockpile batch {file} --dry-run
format = 1
title = "How the plan depends on interest and on how far it is searched"

[options]                       # how each run is searched; what is not here is as the instance has it
gap = 0.01                      # 1 % from the best plan
time_limit = 60                 # s, then the best plan so far is taken

[limits]                        # a run that is over these is ended, and recorded as that
memory_mb = 4000                # MB

[[grid]]
instances = [{instance}]

[grid.set]                      # as --set: a list, or LOW:HIGH:N
"economics.discount_rate" = "0:0.06:3"
# "prices[*].price*" = [0.8, 1.0, 1.2]        # with * before the = all prices are multiplied

# [grid.options]                # the same for options
# seed = [0, 1, 2]
"""


def write_starter(file: Path, instance: Path) -> None:
    """Write a study of an instance.  Raises OSError."""
    from_here = os.path.relpath(instance.resolve(), file.resolve().parent)
    write_text(file, TEXT.format(file=file.name, instance=json.dumps(from_here, ensure_ascii=False)))
