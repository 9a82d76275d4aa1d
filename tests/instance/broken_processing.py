"""Broken tables of processes, their recipes and capacity, and of projects that make demand fall."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import Change, both, cell, content, more

GOODS = "metal,,,,,assumption,made up,\nscrap,,,,,assumption,made up,\n"
MAKING = "smelting,Dy oxide,-1.2\nsmelting,metal,1\n"
FILE, CAPACITY = "recipes.csv", "capacity.csv"


def processes(rows: str, recipes: str = MAKING, columns: str = "", capacity: str = "") -> Change:
    """Tables of processes, beside a metal and scrap; ``columns`` follow the name of the process."""
    made = both(
        more("goods.csv", GOODS),
        content("processes.csv", f"process{columns}\n{rows}"),
        content(FILE, f"process,good,amount\n{recipes}"),
    )
    return both(made, content(CAPACITY, f"process,from,capacity\n{capacity}")) if capacity else made


SMELTING = "smelting\n"
LOOP = f"{MAKING}melting,metal,-1\nmelting,scrap,0.5\nrecycling,scrap,-1\nrecycling,Dy oxide,2.6\n"


def falls(*rows: str) -> Change:
    """Effects of the plant, as (after, kind, name, amount, sector)."""
    lines = [f"separation plant,{row}" for row in rows]
    return content("effects.csv", "project,after,kind,name,amount,sector\n" + "\n".join(lines) + "\n")


MIXING = "mixing,Dy oxide,\nmixing,scrap,\nmixing,metal,0.9\n"


def blends(bounds: str, values: str = "Dy oxide,grade,0.9\nscrap,grade,0.2\n", recipes: str = MIXING) -> Change:
    """A blend of oxide and scrap with bounds."""
    return both(
        processes("mixing\n", recipes),
        content("attributes.csv", f"good,attribute,value\n{values}"),
        content("blend.csv", f"process,attribute,from,min,max\n{bounds}"),
    )


PROCESSING = {
    "blend-of-fixed-inputs": Broken(
        blends("mixing,grade,,0.5,\n", recipes="mixing,scrap,-1\nmixing,metal,0.9\n"),
        "blend.csv",
        2,
        "process",
        "'mixing' has no free inputs to blend; leave the amounts blank",
    ),
    "blend-of-unknown-process": Broken(
        blends("mixin,grade,,0.5,\n"), "blend.csv", 2, "process", "did you mean 'mixing'?"
    ),
    "blend-without-value": Broken(
        blends("mixing,P,,0.5,\n"), "blend.csv", 2, "attribute", "'Dy oxide', which may go into 'mixing', has no 'P'"
    ),
    "blend-without-bound": Broken(blends("mixing,grade,,,\n"), "blend.csv", 2, "min", "give min or max"),
    "blend-between-nothing": Broken(blends("mixing,grade,,0.5,0.4\n"), "blend.csv", 2, "min", "is above max (0.4)"),
    "blend-twice": Broken(
        blends("mixing,grade,,0.5,\nmixing,grade,,0.6,\n"), "blend.csv", 3, "process", "first in record 2"
    ),
    "attribute-of-unknown-good": Broken(
        blends("mixing,grade,,0.5,\n", "Dy oxid,grade,1\n"), "attributes.csv", 2, "good", "did you mean 'Dy oxide'?"
    ),
    "attribute-without-value": Broken(
        blends("mixing,grade,,0.5,\n", "Dy oxide,grade,\nscrap,grade,1\n"), "attributes.csv", 2, "value", "blank"
    ),
    "blend-circle-from-nothing": Broken(
        processes("mixing\nparting\n", f"{MIXING}parting,metal,-1\nparting,scrap,1.2\n"),
        FILE,
        2,
        "amount",
        "the processes 'mixing', 'parting' feed one another in a circle",
    ),
    "process-unknown": Broken(
        processes(SMELTING, f"{MAKING}smeltin,scrap,1\n"), FILE, 4, "process", "did you mean 'smelting'?"
    ),
    "process-of-unknown-good": Broken(
        processes(SMELTING, "smelting,Dy oxid,-1\nsmelting,metal,1\n"), FILE, 2, "good", "did you mean 'Dy oxide'?"
    ),
    "process-without-recipe": Broken(
        processes("smelting\nidle\n"), "processes.csv", 3, "process", "takes and makes nothing; give it rows"
    ),
    "process-recipe-of-nothing": Broken(
        processes(SMELTING, f"{MAKING}smelting,scrap,0\n"), FILE, 4, "amount", "takes (below 0) or makes (above 0)"
    ),
    "process-good-twice": Broken(
        processes(SMELTING, f"{MAKING}smelting,metal,2\n"), FILE, 4, "process", "first in record 3"
    ),
    "process-from-nothing": Broken(
        processes("smelting\nwell\n", f"{MAKING}well,scrap,2\nwell,metal,1\n"),
        FILE,
        4,
        "amount",
        "'well' makes something from nothing; give what it takes",
    ),
    "process-circle-from-nothing": Broken(
        processes("smelting\nmelting\nrecycling\n", LOOP),
        FILE,
        2,
        "amount",
        "the processes 'smelting', 'melting', 'recycling' feed one another in a circle that makes something from nothing",
    ),
    "process-negative-cost": Broken(
        processes("smelting,-2\n", columns=",cost"), "processes.csv", 2, "cost", "at least 0"
    ),
    "process-set-up-without-bound": Broken(
        processes("smelting,4\n", columns=",set_up_cost"),
        "processes.csv",
        2,
        "set_up_cost",
        "nothing bounds a run of 'smelting'",
    ),
    "process-least-run-without-bound": Broken(
        processes("smelting,4\n", columns=",min_run", capacity="smelting,,9\nsmelting,2027Q1,\n"),
        "processes.csv",
        2,
        "min_run",
        "give it a capacity in capacity.csv",
    ),
    "process-set-up-of-a-resource-without-bound": Broken(
        both(
            processes(SMELTING),
            content("resources.csv", "resource,capacity\ncrew,100\n"),
            content("resource_use.csv", "resource,kind,name,per_order\ncrew,process,smelting,2\n"),
        ),
        "processes.csv",
        2,
        "process",
        "a set-up",
    ),
    "process-resource-over-stage": Broken(
        both(
            processes(SMELTING),
            content("resources.csv", "resource,capacity\ncrew,100\n"),
            content("resource_use.csv", "resource,kind,name,over_stage\ncrew,process,smelting,2\n"),
        ),
        "resource_use.csv",
        2,
        "over_stage",
        "a row of kind process has no over_stage; give per_unit or per_order",
    ),
    "process-runs-with-itself": Broken(
        processes("smelting,smelting\n", columns=",runs_with", capacity="smelting,,9\n"),
        "processes.csv",
        2,
        "runs_with",
        "not with itself",
    ),
    "process-runs-with-unknown": Broken(
        processes("smelting,smeltin\n", columns=",runs_with", capacity="smelting,,9\n"),
        "processes.csv",
        2,
        "runs_with",
        "did you mean 'smelting'?",
    ),
    "process-store-that-does-not-keep": Broken(
        both(
            processes("smelting,shed\n", columns=",store"),
            more("stores.csv", "shed,9,assumption,made up,\n"),
            cell("storage", 2, "release_rate", "9"),
        ),
        "processes.csv",
        2,
        "store",
        "store 'shed' does not keep 'Dy oxide', which 'smelting' takes or makes",
    ),
    "process-capacity-negative": Broken(
        processes(SMELTING, capacity="smelting,,-9\n"), CAPACITY, 2, "capacity", "at least 0"
    ),
    "process-opening-run-too-late": Broken(
        both(
            processes("smelting,3mo\n", columns=",lead_time"),
            content("opening_runs.csv", "process,arrives,level\nsmelting,2026Q1,3\nsmelting,2026Q2,3\n"),
        ),
        "opening_runs.csv",
        3,
        "arrives",
        "'smelting' takes 1 periods",
    ),
    "process-bounds-no-order": Broken(
        both(processes(SMELTING), cell("sources", 2, "order_cost", "1")),
        "sources.csv",
        2,
        "order_cost",
        "or the process a capacity",
    ),
    "effect-on-unknown-process": Broken(
        both(processes(SMELTING), falls("2,process,smeltin,3,")), "effects.csv", 2, "name", "did you mean 'smelting'?"
    ),
    "effect-on-demand-of-nobody": Broken(
        falls("2,demand,Dy oxide,0.5,"), "effects.csv", 2, "sector", "names the sector whose demand falls"
    ),
    "effect-on-demand-of-unknown-good": Broken(
        falls("2,demand,Dy oxid,0.5,motors"), "effects.csv", 2, "name", "did you mean 'Dy oxide'?"
    ),
    "effect-on-demand-that-is-none": Broken(
        both(more("goods.csv", GOODS), falls("2,demand,metal,0.5,motors")),
        "effects.csv",
        2,
        "name",
        "'motors' has no demand for 'metal' that could fall",
    ),
    "effect-on-more-than-the-demand": Broken(
        falls("1,demand,Dy oxide,0.5,motors", "2,demand,Dy oxide,0.6,motors"),
        "effects.csv",
        3,
        "amount",
        "that fall away add up to 1.1; 1 is all of it",
    ),
    "effect-of-a-sector-on-supply": Broken(
        falls("2,supply,plant output,30,motors"), "effects.csv", 2, "sector", "an effect on supply has no sector"
    ),
}
