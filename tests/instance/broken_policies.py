"""Broken tables of policies and of origins."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import both, cell, content

HEAD = "policy,kind,from,good,material,origin,group,by,supplier,source,market,paid_by,process,sector,fund,project,at_least,at_most,per,volume,penalty"
ORIGINS = content("origins.csv", "origin,group\nCN,covered\n")


def policy(column: str, words: str, kind: str, **cells: object) -> Broken:
    """A policy that is wrong in a column."""
    names = HEAD.split(",")
    row = {"policy": "a", "kind": kind, **cells}
    line = ",".join(str(row.get(name, "")) for name in names)
    return Broken(both(ORIGINS, content("policies.csv", f"{HEAD}\n{line}\n")), "policies.csv", 2, column, words)


def rows(column: str, words: str, *lines: dict[str, object]) -> Broken:
    """Rows of a policy, the second of which is wrong in a column."""
    names = HEAD.split(",")
    text = "\n".join(",".join(str({"policy": "a", **line}.get(name, "")) for name in names) for line in lines)
    return Broken(both(ORIGINS, content("policies.csv", f"{HEAD}\n{text}\n")), "policies.csv", 3, column, words)


POLICIES = {
    "policy-of-what": policy("kind", "did you mean 'deliveries'?", "delivery", at_most=0),
    "policy-of-a-good": policy("good", "did you mean 'Dy oxide'?", "deliveries", good="Dy oxid", at_most=0),
    "policy-of-a-material": policy("material", "the material of no good", "deliveries", material="iron", at_most=0),
    "policy-of-an-origin": policy("origin", "the origin of no source", "deliveries", origin="Mars", at_most=0),
    "policy-mined-nowhere": policy(
        "origin", "where no source is mined", "deliveries", origin="Mars", by="mined", at_most=0
    ),
    "policy-of-a-group": policy("group", "did you mean 'covered'?", "share", group="coverd", at_most=0.5),
    "policy-of-a-supplier": policy("supplier", "the supplier of no source", "share", supplier="ACME", at_most=0.5),
    "policy-of-a-source": policy("source", "did you mean 'spot'?", "deliveries", source="spots", at_most=0),
    "policy-of-a-market": policy("market", "the table is missing", "market-share", market="hub", at_most=0.5),
    "policy-of-a-sector": policy("sector", "did you mean 'motors'?", "cover", sector="motor", at_least=30),
    "policy-of-a-fund": policy("fund", "did you mean 'treasury'?", "spending", fund="tresury", at_most=3),
    "policy-of-a-project": policy("project", "did you mean", "exposure", project="separation plan", at_most=3),
    "policy-with-a-fund": policy("fund", "a policy of kind share selects no fund", "share", source="spot", fund="treasury", at_most=1),
    "policy-with-an-origin": policy("origin", "selects no origin", "spending", origin="CN", at_most=3),
    "policy-with-a-volume": policy("volume", "selects no volume", "share", source="spot", volume=9, at_most=0.5),
    "policy-paid-by": policy("paid_by", "selects no paid_by", "cover", paid_by="both", at_least=9),
    "policy-by-nothing": policy("by", "give one of them", "deliveries", source="spot", by="mined", at_most=3),
    "policy-share-of-all": policy("origin", "the share of everything is always 1", "share", at_most=0.5),
    "policy-per-horizon": policy("per", "holds in every period", "cover", at_least=30, per="horizon"),
    "policy-for-nothing": policy("at_least", "'a' asks for nothing", "deliveries", source="spot"),
    "policy-of-more-and-less": policy("at_least", "nothing can be both", "deliveries", source="spot", at_least=3, at_most=2),
    "policy-in-percent": policy("at_most", "a share is a ratio, 0.6 for 60 %", "share", source="spot", at_most=60),
    "policy-to-risk": policy("at_least", "may be limited only", "exposure", at_least=3),
    "policy-to-emit": policy("at_least", "emissions may be limited only", "emissions", at_least=3),
    "policy-of-a-process": policy("process", "the table is missing", "energy", process="furnace", at_most=3),
    "policy-negative": policy("at_most", "at least 0", "deliveries", source="spot", at_most=-1),
    "policy-fine-negative": policy("penalty", "at least 0", "deliveries", source="spot", at_most=1, penalty=-3),
    "policy-without-volume": policy("volume", "what is offered has no limit", "market-share", good="Dy oxide", at_most=0.1),
    "policy-twice": rows(
        "policy",
        "first in record 2",
        {"kind": "deliveries", "source": "spot", "at_most": 3},
        {"kind": "deliveries", "source": "spot", "at_most": 2},
    ),
    "policy-of-two-kinds": rows(
        "kind",
        "'a' has another kind above",
        {"kind": "deliveries", "source": "spot", "at_most": 3},
        {"kind": "share", "source": "spot", "at_most": 0.2, "from": "2027Q1"},
    ),
    "policy-of-two-goods": rows(
        "good",
        "'a' has another good above",
        {"kind": "deliveries", "at_most": 3},
        {"kind": "deliveries", "good": "Dy oxide", "at_most": 2, "from": "2027Q1"},
    ),
    "use-of-what-is-not-traced": policy(
        "good", "'Dy oxide' is traced; set trace", "origin-in-use", good="Dy oxide", group="covered", at_most=0
    ),
    "use-of-all": policy("origin", "give one of origin, group", "origin-in-use", at_most=0.5),
    "use-of-a-source": policy("source", "selects no source", "origin-in-use", source="spot", group="covered", at_most=0.5),
    "accepted-unknown": Broken(
        both(ORIGINS, cell("sectors", 2, "accepted_origins", "coverd")),
        "sectors.csv",
        2,
        "accepted_origins",
        "did you mean 'covered'?",
    ),
    "accepted-without-groups": Broken(
        cell("sectors", 2, "accepted_origins", "allied"), "sectors.csv", 2, "accepted_origins", "the table is missing"
    ),
    "traced-maybe": Broken(cell("goods", 2, "trace", "perhaps"), "goods.csv", 2, "trace", "neither true nor false"),
    "traced-by-age": Broken(
        both(cell("goods", 2, "trace", "true"), content("freshness.csv", "sector,good,max_age\nmotors,Dy oxide,1\n")),
        "goods.csv",
        2,
        "trace",
        "is kept by age",
    ),
    "traced-by-store": Broken(
        both(cell("goods", 2, "trace", "true"), cell("storage", 2, "release_rate", "5")),
        "goods.csv",
        2,
        "trace",
        "is balanced store by store",
    ),
    "traced-by-mine-through-a-process": Broken(
        both(
            ORIGINS,
            content("goods.csv", "good,trace,shelf_life\nDy oxide,true,2y\nore,,\n"),
            content("processes.csv", "process\nworks\n"),
            content("recipes.csv", "process,good,amount\nworks,Dy oxide,1\nworks,ore,-1\n"),
            content("policies.csv", "policy,kind,good,group,by,at_most\na,origin-in-use,Dy oxide,covered,mined,0\n"),
        ),
        "goods.csv",
        2,
        "trace",
        "let the policy speak of where it was processed",
    ),
    "traced-through-a-blend": Broken(
        both(
            ORIGINS,
            content("goods.csv", "good,trace,shelf_life\nDy oxide,true,2y\nore,true,\n"),
            content("processes.csv", "process\nworks\n"),
            content("recipes.csv", "process,good,amount\nworks,Dy oxide,1\nworks,ore,\n"),
            content("policies.csv", "policy,kind,good,group,by,at_most\na,origin-in-use,Dy oxide,covered,chain,0\n"),
        ),
        "recipes.csv",
        3,
        "amount",
        "give the amount, in a process for every mixture",
    ),
    "chain-of-deliveries": policy(
        "by", "say processed or mined", "deliveries", good="Dy oxide", group="covered", by="chain", at_most=3
    ),
    "chain-of-nothing": policy("by", "give one of them", "deliveries", source="spot", by="chain", at_most=3),
    "chain-from-nowhere": policy(
        "origin", "is the origin of no source", "origin-in-use", good="Dy oxide", origin="Mars", by="chain", at_most=0
    ),
    "origin-twice": Broken(
        content("origins.csv", "origin,group\nCN,covered\nCN,covered\n"), "origins.csv", 3, "origin", "is there twice"
    ),
}  # fmt: skip
