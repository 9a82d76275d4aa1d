"""What an instance has and what its plan does, by name: the counters that show that the random instances reach all."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.oracle.facts import Facts


def features(instance: Instance, plan: Plan | None) -> set[str]:
    """Names of the blocks that an instance uses, and of those that its plan (None if there is none) acts on."""
    found = {
        *_of_settings(instance),
        *_of_tables(instance),
        *_of_guarantees(instance),
        *_of_facts(Facts(instance)),
        *_pairs_of_features(Facts(instance)),
    }
    if plan is not None:
        found |= {
            *_of_plan(plan),
            *_of_orders(instance, plan),
            *_of_stages(instance, plan),
            *_of_markets(instance, plan),
        }
        found |= {*_of_resources(instance, plan), *_of_processing(instance, plan)}
        found |= {*_of_policies(instance, plan), *_of_contracts(instance, plan), *_of_incentives(instance, plan)}
    return found


def _of_settings(instance: Instance) -> Iterator[str]:
    settings = instance.settings
    yield f"step {settings.horizon.step}"
    yield f"time {settings.units.time}"
    yield f"perspective {settings.economics.perspective}"
    yield f"money {settings.units.money}"
    if settings.economics.discount_rate:
        yield "discount"


FILLED = [
    ("goods", "shelf_life"),
    ("goods", "loss_rate"),
    ("goods", "disposal_cost"),
    ("goods", "terminal_value"),
    ("goods", "end_stock"),
    ("goods", "unit"),
    ("stores", "capacity"),
    ("storage", "holding_cost"),
    ("storage", "capacity"),
    ("storage", "until"),
    ("sources", "lead_time"),
    ("sources", "order_cost"),
    ("sources", "min_order"),
    ("sources", "lot_size"),
    ("end_values", "name"),
    ("ages", "loss_rate"),
    ("ages", "price_factor"),
    ("pins", "at_least"),
    ("pins", "at_most"),
    ("pins", "stage"),
    ("pins", "sector"),
    *(
        ("policies", column)
        for column in (
            "from",
            "until",
            "good",
            "material",
            "origin",
            "group",
            "supplier",
            "source",
            "market",
            "sector",
            "process",
            "fund",
            "project",
            "at_least",
            "at_most",
            "volume",
            "penalty",
        )
    ),
    ("goods", "trace"),
    ("sectors", "accepted_origins"),
    ("opening_stock", "origin"),
    ("opening_lent", "origin"),
    ("processes", "origin"),
    ("sources", "energy"),
    ("sources", "emissions"),
    ("pins", "from_store"),
    ("pins", "to_store"),
    ("accepts", "rate"),
    ("accepts", "cost"),
    ("backlog", "cost"),
    ("backlog", "max_wait"),
    ("backlog", "end_penalty"),
    ("backlog", "sector"),
    ("backlog", "good"),
    ("arrivals", "share"),
    ("contracts", "min_rate"),
    ("contracts", "index_factor"),
    ("contracts", "floor"),
    ("contracts", "ceiling"),
    ("contracts", "upside_share"),
    ("contracts", "premium"),
    ("contracts", "project"),
    ("accounts", "until"),
    ("accounts", "price"),
    ("accounts", "entry_fee"),
    ("accounts", "carrying_cost"),
    ("accounts", "proceeds_to"),
    ("requires", "needs_contract"),
    ("opening_contracts", "price"),
    ("resources", "overtime"),
    ("resources", "overtime_price"),
    ("resource_use", "per_unit"),
    ("resource_use", "per_order"),
    ("resource_use", "over_stage"),
    ("opening_orders", "quantity"),
    ("transfers", "good"),
    ("transfers", "cost"),
    ("transfers", "capacity"),
    ("sources", "store"),
    ("sectors", "store"),
    ("stores", "release_rate"),
    ("storage", "release_rate"),
    ("opening_orders", "price"),
    ("sources", "market"),
    ("sources", "premium"),
    ("markets", "width"),
    ("sources", "qualified_from"),
    ("sources", "until"),
    ("supply", "capacity"),
    ("prices", "width"),
    ("duties", "good"),
    ("rotation", "price"),
    ("rotation", "proceeds_to"),
    ("sales", "width"),
    ("rotation", "fixed_cost"),
    ("rotation", "min_lot"),
    ("rotation", "premium"),
    ("rotation", "credit_limit"),
    ("opening_lent", "quantity"),
    ("release_prices", "proceeds_to"),
    ("tiers", "sector"),
    ("tiers", "good"),
    ("targets", "quantity"),
    ("targets", "cover"),
    ("targets", "penalty"),
    ("funds", "public"),
    ("funds", "limit"),
    ("funds", "maturity"),
    ("funds", "uses"),
    ("projects", "group"),
    ("projects", "start_until"),
    ("projects", "min_private_share"),
    ("projects", "may_abandon"),
    ("projects", "exit_cost"),
    ("stages", "deadline"),
    ("opening_stages", "age"),
    ("requires", "stage"),
    ("financing", "stage"),
    ("financing", "max_share"),
    ("effects", "ramp"),
    ("funds", "commitment_limit"),
    ("funds", "exposure_limit"),
    ("projects", "recovery"),
    ("projects", "exposure_limit"),
    ("opening_cash", "cash"),
    ("opening_cash", "debt"),
    ("opening_cash", "paid"),
    ("financing", "interest"),
    ("financing", "grace"),
    ("financing", "dividend"),
    ("opening_loans", "grace"),
    ("opening_disbursements", "amount"),
    ("opening_loans", "first_instalment"),
    ("guarantees", "fee"),
    ("price_floors", "strike"),
    ("price_floors", "term"),
    ("price_floors", "until"),
    ("incentives", "good"),
    ("incentives", "term"),
    ("incentives", "cap"),
    ("incentives", "until"),
    ("processes", "lead_time"),
    ("processes", "cost"),
    ("processes", "set_up_cost"),
    ("processes", "min_run"),
    ("processes", "runs_with"),
    ("processes", "energy"),
    ("processes", "emissions"),
    ("processes", "store"),
    ("capacity", "capacity"),
    ("opening_runs", "level"),
    ("opening_runs", "mined_in"),
    ("effects", "sector"),
    ("returns", "share"),
    ("opening_use", "quantity"),
    ("blend", "min"),
    ("blend", "max"),
]
"""Columns that are not always filled in."""


def _of_tables(instance: Instance) -> Iterator[str]:
    for table, column in FILLED:
        cells = instance.table(table)[column]
        if (cells.notna() & (cells.astype(str) != "") & (cells.astype(str) != "0.0")).any():
            yield f"{table}.{column}"
    yield from (f"discount {kind}" for kind in instance.table("sources")["discount"].dropna().unique())
    for table, column in [
        ("effects", "kind"),
        ("pins", "decision"),
        ("resource_use", "kind"),
        ("policies", "kind"),
        ("policies", "per"),
        ("policies", "by"),
        ("policies", "paid_by"),
        ("funds", "kind"),
        ("budgets", "every"),
        ("stages", "pay_on"),
    ]:
        yield from (f"{column} {value}" for value in instance.table(table)[column].dropna().unique())
    if (instance.view("goods")["shelf_life"] == 1).any():
        yield "shelf life 1"
    if instance.view("targets")["penalty"].isna().any():
        yield "hard target"
    if (instance.view("opening_stock")["age"] == 0).any():
        yield "opening stock of age 0"
    if (instance.table("requires")["alternative"] > 1).any():
        yield "alternatives"
    if len(instance.table("stores")) > 1:
        yield "two stores"
    pins = instance.view("pins")
    if ((pins["decision"] == "draw") & (pins["at_least"] > 0)).any():
        yield "draw at least"
    if instance.table("funds").empty:
        yield "no funds"
    accepts = instance.view("accepts")
    given = set(zip(accepts["sector"], accepts["given"], strict=True))
    if not (fresh := instance.view("freshness")).empty:
        yield "freshness"
        if given & set(zip(fresh["sector"], fresh["good"], strict=True)):
            yield "freshness for a substitute"


def _of_guarantees(instance: Instance) -> Iterator[str]:
    """What is guaranteed, and by funds with which limits."""
    view = instance.view("guarantees")
    limits = instance.view("funds").set_index("fund")
    for stage, fund in zip(view["stage"], view["fund"], strict=True):
        yield f"guarantee of {'all stages' if stage != stage else 'a stage' if stage else 'an old loan'}"
        for limit in ("commitment", "exposure"):
            if limits[f"{limit}_limit"][fund] >= 0:
                yield f"guarantee beside a limit of {limit}{'s' if limit == 'commitment' else ''}"


def _of_facts(facts: Facts) -> Iterator[str]:
    if any(f.carry < 1 for f in facts.funds) and any(facts.fiscal_year_end()[:-1]):
        yield "carry-over at a fiscal year end inside"
    if any(len(p.stages) == 3 for p in facts.projects):
        yield "three stages"
    if any(
        s.lumpy and s.base is None and not all(w == w for widths, _ in s.steps for w in widths) for s in facts.sources
    ):
        yield "lumpy without limit"


def _pairs_of_features(facts: Facts) -> Iterator[str]:
    """Features that meet: each alone hides what they do together."""
    counted = {f.name for f in facts.funds if f.public or facts.all_counted}
    if any("purchases" in f.uses and f.name not in counted for f in facts.funds):
        yield "a fund that does not count pays for purchases"
        if any(s.lumpy for s in facts.sources) and any(float(g["terminal_value"]) > 0 for g in facts.goods.values()):
            yield "such a fund, lumps and a terminal value"
    if any(
        s.base and any(math.isinf(b) for b in s.base) and not all(math.isinf(b) for b in s.base) for s in facts.sources
    ):
        yield "a capacity at some times"
    for good, row in facts.goods.items():
        prices = [p for p in facts.first_price(good) if p == p]
        if prices and float(row["terminal_value"]) >= min(prices):
            yield "a terminal value above a price"


def _of_plan(plan: Plan) -> Iterator[str]:
    for name, table in plan.tables.items():
        if not table.empty:
            yield f"plan {name}"
    yield from _positive(
        "balance", plan.tables["balance"], ["sold", "disposed", "loss", "under_target", "closing", "under_way"]
    )
    yield from _positive(
        "funds",
        plan.tables["funds"],
        ["drawn", "repaid", "interest", "lapsed", "revenue", "debt", "returned", "committed"],
    )
    yield from _positive("exposure", plan.tables["exposure"], ["unverified", "outstanding", "lost"])
    yield from _positive(
        "loans", plan.tables["loans"], ["lent", "interest", "repaid", "principal", "written_off", "recovered"]
    )
    yield from _positive("guarantees", plan.tables["guarantees"], ["guaranteed", "fee", "called", "recovered"])
    yield from _positive("price_floors", plan.tables["price_floors"], ["paid", "received"])
    yield from _positive("incentives", plan.tables["incentives"], ["paid"])
    yield from _positive("accounts", plan.tables["accounts"], ["drawn", "replaced", "bought"])
    yield from _positive("orders", plan.tables["orders"], ["order_charge"])
    yield from _positive("deliveries", plan.tables["deliveries"], ["duty"])
    yield from _positive("backlog", plan.tables["backlog"], ["postponed", "caught_up", "cost", "end_penalty"])
    yield from _positive("shortfall", plan.tables["shortfall"], ["penalty"])
    yield from (f"plan end value of {kind}" for kind in plan.tables["end_values"]["kind"].unique())
    yield from _positive("exchange", plan.tables["exchange"], ["lent", "returned", "owed"])
    yield from _positive("rotation", plan.tables["rotation"], ["charge"])
    if plan.tables["sale_steps"]["step"].gt(1).any():
        yield "plan two steps of sales"
    flows = plan.tables["cohort_flows"]
    if (flows["use"] == "sale").any():
        yield "plan sale of an age"
    if ((flows["use"] == "sector") & (flows["age"] > 0)).any():
        yield "plan use of an age"
    curved = set(plan.tables["sale_steps"]["good"])
    if ((flows["use"] == "sale") & flows["good"].isin(curved)).any():
        yield "plan sale of an age along a curve"
    yield from _positive("transfers", plan.tables["transfers"], ["cost"])
    if plan.tables["store_balance"].query("age > 0")["taken"].gt(1e-9).any():
        yield "plan stock that ages in stores"
    if plan.tables["balance"].query("under_way > 1e-9")["loss"].gt(1e-9).any():
        yield "plan loss on the way"
    effects = plan.tables["effects"]
    yield from (f"plan effect {kind}" for kind in effects["kind"].unique())
    if plan.tables["go"]["stage"].gt(1).any():
        yield "plan second stage"
    if plan.tables["disbursements"]["fund"].nunique() > 1:
        yield "plan two funds finance"
    if plan.tables["payments"].query("use == 'purchases'")["fund"].nunique() > 1:
        yield "plan two funds purchase"


def _of_stages(instance: Instance, plan: Plan) -> Iterator[str]:
    """Releases with alternatives, and what stages released before the horizon cost and bring."""
    needs = instance.table("requires")
    keys = set(zip(needs["project"], needs["stage"], strict=True)) if (needs["alternative"] > 1).any() else set()
    if keys & set(zip(plan.go["project"], plan.go["stage"], strict=True)):
        yield "plan alternatives"
    yield from _of_opening_finance(instance, plan)
    opening = instance.table("opening_stages")
    begun = set(zip(opening["project"], opening["stage"], strict=True))
    if begun & set(zip(plan.disbursements["project"], plan.disbursements["stage"], strict=True)):
        yield "plan tranche of an opening stage"
    if begun & set(zip(plan.effects["project"], plan.effects["after"], strict=True)):
        yield "plan effect of an opening stage"
    covered = set(plan.tables["price_floors"]["project"])
    if covered & {project for project, _ in begun}:
        yield "plan floor of an opening stage"
    if covered & set(plan.tables["abandonments"]["project"]):
        yield "plan floor until abandonment"


def _of_opening_finance(instance: Instance, plan: Plan) -> Iterator[str]:
    """What was paid, lent and promised for stages released before the horizon."""
    paid, loans = instance.table("opening_disbursements"), plan.tables["loans"]
    keys = set(zip(paid["project"], paid["stage"], paid["fund"], strict=True))
    first = loans[loans["node"] == loans["node"].iloc[0]] if len(loans) else loans
    columns = (first[name] for name in ("project", "stage", "fund", "interest", "repaid"))
    mine = [row for row in zip(*columns, strict=True) if row[:3] in keys]
    if any(interest > 0 for *_, interest, _ in mine):
        yield "plan interest of an opening loan of a stage"
    if any(repaid > 0 for *_, repaid in mine):
        yield "plan repayment of an opening loan of a stage"
    begun = set(instance.table("opening_stages")["project"])
    if (first["project"].isin(begun) & (first["stage"] == 0) & (first["repaid"] > 0)).any():
        yield "plan repayment of an opening loan of a project"
    if set(loans[loans["written_off"] > 0]["project"]) & {p for p, _, _ in keys}:
        yield "plan opening loan written off"
    risk = plan.tables["exposure"]
    if (risk["project"].isin(p for p, _, _ in keys) & (risk["unverified"] > 0)).any():
        yield "plan exposure of an opening stage"
    promised = plan.tables["commitments"]
    opening = instance.table("opening_stages")
    stages = set(zip(opening["project"], opening["stage"], strict=True))
    if stages & set(zip(promised["name"], promised["stage"], strict=True)):
        yield "plan commitment for an opening stage"


def _of_orders(instance: Instance, plan: Plan) -> Iterator[str]:
    """Orders of lots, and orders of which something is lost."""
    sources = instance.view("sources").set_index("source")["lot_size"]
    if (plan.tables["orders"]["source"].map(sources) > 0).any():
        yield "plan lots"
    falling = set(instance.view("sources").dropna(subset="discount")["source"])
    steps = plan.tables["order_steps"]
    if (steps["source"].isin(falling) & (steps["step"] > 1)).any():
        yield "plan discount"
    beyond = plan.orders[plan.orders["arrives"] == ""]
    if len(beyond):
        yield "plan order after the horizon"
    promised = plan.commitments[plan.commitments["kind"] == "order"]
    if set(zip(beyond["source"], beyond["node"], strict=True)) & set(
        zip(promised["name"], promised["node"], strict=True)
    ):
        yield "plan commitment after the horizon"
    if (instance.view("opening_orders")["arrives"] >= instance.calendar.periods).any():
        yield "opening order after the horizon"
    lost = set(instance.view("arrivals").query("share < 1")["source"])
    if set(plan.tables["orders"]["source"]) & lost:
        yield "plan lost deliveries"


def _of_markets(instance: Instance, plan: Plan) -> Iterator[str]:
    """Markets of which several sources sell in one period."""
    market = {k: u for k, u in instance.view("sources")[["source", "market"]].itertuples(index=False) if u is not None}
    orders = plan.tables["orders"]
    inside = orders.assign(market=orders["source"].map(market)).dropna(subset="market")
    if inside.groupby(["market", "node"]).size().gt(1).any():
        yield "plan shared market"
    traded = set(instance.view("sources").query("paid_by == 'market'")["source"])
    if any(f["kind"] == "supply" and f["name"] in traded for f in instance.view("effects").to_dict("records")):
        yield "a project feeds a source that the market pays"
    if plan.costs["market_purchases"] > 0:
        yield "plan market purchases"
    if traded & set(instance.view("arrivals").query("share < 1")["source"]):
        yield "supply of the market is cut"
    yield from _of_trade(instance, plan, market)
    if any(f["kind"] == "supply" and f["name"] in market for f in instance.view("effects").to_dict("records")):
        yield "a project feeds a source of a market"


def _of_trade(instance: Instance, plan: Plan, market: dict[str, str]) -> Iterator[str]:
    """What the market orders for normal consumption, when and how."""
    view, steps = instance.view("sources"), plan.tables["order_steps"]
    normal = view[view["paid_by"] == "market"].set_index("source")
    ordered = plan.orders[plan.orders["source"].isin(normal.index)]
    for column in ("lead_time", "order_cost", "min_order", "lot_size"):
        if (ordered["source"].map(normal[column]) > 0).any():
            yield f"plan normal consumption with {column}"
    if instance.settings.economics.perspective == "all" and (ordered["order_charge"] > 0).any():
        yield "plan charge that the market pays"
    if set(instance.view("resource_use")["name"]) & set(ordered["source"]):
        yield "plan normal consumption takes resources"
    if set(instance.view("opening_orders")["source"]) & set(normal.index):
        yield "opening order of the market"
    sold = steps.assign(market=steps["source"].map(market), normal=steps["source"].isin(normal.index)).dropna()
    sold = sold[sold["market"].isin(normal["market"])]
    both = sold.groupby(["market", "node"])["normal"].nunique() > 1
    if both.any():
        yield "plan normal consumption beside the reserve"
    if (sold["normal"] & (sold["step"] > 1)).any():
        yield "plan normal consumption in a later step"


def _of_resources(instance: Instance, plan: Plan) -> Iterator[str]:
    """Resources that are used, by stages too, and overtime that costs something or nothing."""
    taken = plan.tables["resources"]
    if (taken["used"] > 1e-6).any():
        yield "plan resources in use"
    over = taken[taken["overtime"] > 1e-6]
    if (over["cost"] > 0).any():
        yield "plan overtime paid"
    if (over["cost"] == 0).any():
        yield "plan overtime free"
    use = instance.view("resource_use").query("kind == 'stage'")
    if set(zip(use["name"], use["stage"], strict=True)) & set(
        zip(plan.tables["go"]["project"], plan.tables["go"]["stage"], strict=True)
    ):
        yield "plan stages take resources"


def _of_processing(instance: Instance, plan: Plan) -> Iterator[str]:
    """Runs of every kind: with joint products, in stores of their own, together with others, on resources and by effects."""
    runs, conversions = plan.tables["runs"], plan.tables["conversions"]
    yield from _positive("runs", runs, ["cost", "set_up", "energy", "emissions"])
    yield from _positive("balance", plan.tables["balance"], ["processed"])
    if (runs["arrives"] != runs["period"]).any():
        yield "plan run that arrives later"
    if runs.groupby("node").size().gt(1).any():
        yield "plan two processes"
    back = plan.tables["returns"].query("ordered > 1e-9")
    if not back.empty:
        yield "plan order of what comes back"
    if (back["available"] - back["ordered"] < 1e-6).any():
        yield "plan order of all that comes back"
    pairs = set(instance.view("returns")[["sector", "good"]].itertuples(index=False, name=None)) if len(back) else set()
    for name, column in (("market_supply", "good"), ("substitution", "given")):
        if pairs & set(plan.tables[name][["sector", column]].itertuples(index=False, name=None)):
            yield f"plan returns of {name}"
    grades = plan.tables["grades"]
    if not grades.empty:
        yield "plan blend"
    fed = conversions[conversions["process"].isin(grades["process"]) & (conversions["taken"] > 1e-9)]
    if fed.groupby(["process", "node"]).size().gt(1).any():
        yield "plan blend of two"
    recipes = instance.view("recipes").query("amount > 0").groupby("process").size()
    ran = set(runs["process"])
    if ran & set(recipes[recipes > 1].index):
        yield "plan joint products"
    if set(conversions.query("brought > 0")["process"]) & set(instance.view("opening_runs")["process"]):
        yield "plan output of an opening run"
    view = instance.view("processes")
    placed, moved = set(view[view["store"].notna()]["process"]), set(plan.tables["store_balance"]["good"])
    if set(conversions[conversions["process"].isin(placed)]["good"]) & moved:
        yield "plan run in a store of its own"
    if ran & set(view[view["runs_with"].notna()]["process"]):
        yield "plan process that runs with another"
    use = instance.view("resource_use").query("kind == 'process'")
    if ran & set(use["name"]):
        yield "plan process that takes a resource"
    if ran & set(use[use["per_order"] > 0]["name"]):
        yield "plan set-up that takes a resource"
    aged = {*instance.view("ages")["good"], *instance.view("freshness")["good"]}
    if set(conversions["good"]) & aged:
        yield "plan run of a good kept by age"
    lives = instance.view("goods").query("shelf_life == shelf_life")["good"]
    if set(conversions.query("taken > 0")["good"]) & set(lives):
        yield "plan run of a good with a shelf life"
    falls, kinds = plan.tables["effects"].query("kind == 'demand'"), instance.view("targets").query("cover > 0")
    if set(falls["name"]) & set(kinds["good"]):
        yield "plan cover of less demand"
    if set(falls["project"]) & set(instance.view("projects").query("may_abandon == True")["project"]):
        yield "plan less demand by a project that may be abandoned"


def _of_policies(instance: Instance, plan: Plan) -> Iterator[str]:
    """Policies of every kind that a plan uses to the last unit, and those that it misses."""
    view = instance.view("policies")
    kind = dict(zip(view["policy"], view["kind"], strict=True))
    told = plan.tables["policies"]
    real = told[told["value"].gt(1e-6) & told["limit"].gt(1e-6)]
    yield from (f"plan tight {kind[p]} {s}" for p, s in real[real["slack"] < 1e-9][["policy", "side"]].to_numpy())
    yield from (f"plan missed {kind[p]}" for p in told.loc[told["violation"] > 1e-6, "policy"])
    yield from _of_tracing(instance, plan)
    if (told["cost"] > 0).any():
        yield "plan policies.cost"
    if (told["violation"].gt(1e-6) & (told["cost"] == 0)).any():
        yield "plan a policy missed for nothing"


def _of_tracing(instance: Instance, plan: Plan) -> Iterator[str]:
    """Stock by class of origin, and who gets it."""
    yield from _positive("traced_stock", plan.tables["traced_stock"], ["lent", "loss"])
    used = plan.tables["traced_use"]
    yield from _positive("traced_use", used, ["market"])
    if used[used["quantity"] > 1e-6].groupby(["node", "sector", "good"]).size().gt(1).any():
        yield "plan traced use of several origins"
    made = instance.view("recipes").query("amount > 0")
    makers = set(made.loc[made["good"].isin(set(plan.tables["traced_stock"]["good"])), "process"])
    if makers & set(plan.tables["runs"]["process"]):
        yield "plan traced goods of processes"
    made = plan.tables["batches"]
    if len(made):
        yield "plan batches"
    if made.groupby(["node", "process"]).size().gt(1).any():
        yield "plan several batches of a run"


def _of_incentives(instance: Instance, plan: Plan) -> Iterator[str]:
    """What incentives pay for, from when and until when."""
    view, told = instance.view("incentives"), plan.tables["incentives"].query("quantity > 1e-9")
    capped = set(view.loc[view["cap"].notna(), "incentive"])
    totals = told.groupby("incentive")[["earned", "paid"]].sum()
    over = set(totals[totals["earned"] > totals["paid"] + 1e-6].index)
    if over:
        yield "plan incentive up to its cap"
    if (capped & set(totals[totals["paid"] > 1e-6].index)) - over:
        yield "plan incentive within its cap"
    if set(told["incentive"]) & set(view.loc[view["incentive"].duplicated(), "incentive"]):
        yield "plan incentive at two rates"
    effects = instance.view("effects")
    if set(told["project"]) & set(effects.loc[effects["kind"] == "process", "project"]):
        yield "plan incentive of a project with a process"
    if set(told["project"]) & set(instance.view("opening_stages")["project"]):
        yield "plan incentive of an opening stage"
    fed = effects[effects["kind"].isin(["supply", "process"])]
    variants = fed.groupby(["kind", "name"])["project"].transform("nunique")
    if set(told["project"]) & set(fed.loc[variants > 1, "project"]):
        yield "plan incentive of one of two variants"


def _of_contracts(instance: Instance, plan: Plan) -> Iterator[str]:
    """Contracts that are signed or were, by what their price follows, with what is not taken of them and who answers for them."""
    calls, terms = plan.tables["calls"], instance.table("contracts").set_index("contract")
    yield from _positive("calls", calls, ["quantity", "untaken"])
    yield from _positive("contract_deliveries", plan.tables["contract_deliveries"], ["duty"])
    if "contract" in set(plan.tables["commitments"]["kind"]):
        yield "plan commitments of contracts"
    if set(calls["contract"]) & set(instance.table("opening_contracts")["contract"]):
        yield "plan calls under an opening contract"
    if set(instance.table("requires")["needs_contract"].dropna()) & set(plan.tables["contracts"]["contract"]):
        yield "plan signature of a contract that a stage needs"
    if set(plan.tables["commencements"]["contract"]) & set(calls["contract"]):
        yield "plan calls under a contract that waited for a project"
    used = terms.loc[terms.index.isin(plan.tables["contracts"]["contract"])]
    yield from (f"plan contract that follows a {kind}" for kind in used["index_kind"].dropna().unique())
    if (used["price_fixed"] == "start")[used["index_kind"].notna()].any():
        yield "plan contract at a price of its signing"
    users = set(instance.table("resource_use").query("kind != 'stage'")["name"])
    if users & set(used["source"]):
        yield "plan calls take resources"
    if set(used["source"]) & set(plan.tables["orders"]["source"]):
        yield "plan orders and calls at one source"


def _positive(name: str, table: pd.DataFrame, columns: list[str]) -> Iterator[str]:
    yield from (f"plan {name}.{column}" for column in columns if (table[column] > 1e-9).any())


#: All that the random instances are to reach: blocks and columns that are used, and what plans do with them.
EVERY = (
    "end_values.name",
    "plan end value of debt",
    "plan end value of principal",
    "plan end value of project",
    "sources.market",
    "sources.premium",
    "markets.width",
    "plan shared market",
    "plan market_supply",
    "plan market purchases",
    "supply of the market is cut",
    "opening order of the market",
    "plan charge that the market pays",
    "plan normal consumption beside the reserve",
    "plan normal consumption in a later step",
    "plan normal consumption takes resources",
    "plan normal consumption with lead_time",
    "plan normal consumption with lot_size",
    "plan normal consumption with min_order",
    "plan normal consumption with order_cost",
    "a project feeds a source that the market pays",
    "a project feeds a source of a market",
    "projects.exit_cost",
    "projects.may_abandon",
    "stages.deadline",
    "plan abandonments",
    "guarantees.fee",
    "guarantee of all stages",
    "guarantee of a stage",
    "guarantee of an old loan",
    "guarantee beside a limit of commitments",
    "guarantee beside a limit of exposure",
    "plan guarantees",
    "plan guarantees.guaranteed",
    "plan guarantees.fee",
    "plan guarantees.called",
    "plan guarantees.recovered",
    "price_floors.strike",
    "price_floors.term",
    "price_floors.until",
    "plan price_floors",
    "plan price_floors.paid",
    "plan price_floors.received",
    "plan floor of an opening stage",
    "plan floor until abandonment",
    "incentives.good",
    "incentives.term",
    "incentives.cap",
    "incentives.until",
    "plan incentives.paid",
    "plan incentive up to its cap",
    "plan incentive within its cap",
    "plan incentive at two rates",
    "plan incentive of a project with a process",
    "plan incentive of an opening stage",
    "plan incentive of one of two variants",
    "rotation.fixed_cost",
    "plan end value of lent",
    "plan end value of order",
    "plan order after the horizon",
    "plan commitment after the horizon",
    "opening order after the horizon",
    "rotation.min_lot",
    "rotation.premium",
    "rotation.credit_limit",
    "opening_lent.quantity",
    "plan exchange.lent",
    "plan exchange.returned",
    "plan exchange.owed",
    "plan rotation.charge",
    "sales.width",
    "release_prices.proceeds_to",
    "plan sale_steps",
    "plan releases",
    "plan two steps of sales",
    "ages.loss_rate",
    "ages.price_factor",
    "freshness",
    "freshness for a substitute",
    "plan cohorts",
    "processes.lead_time",
    "processes.cost",
    "processes.set_up_cost",
    "processes.min_run",
    "processes.runs_with",
    "processes.energy",
    "processes.emissions",
    "processes.store",
    "capacity.capacity",
    "opening_runs.level",
    "opening_runs.mined_in",
    "effects.sector",
    "kind process",
    "kind demand",
    "plan runs",
    "plan runs.cost",
    "plan runs.set_up",
    "plan runs.energy",
    "plan runs.emissions",
    "plan balance.processed",
    "plan run that arrives later",
    "plan two processes",
    "plan joint products",
    "returns.share",
    "opening_use.quantity",
    "plan returns",
    "plan order of what comes back",
    "plan order of all that comes back",
    "plan returns of market_supply",
    "plan returns of substitution",
    "blend.min",
    "blend.max",
    "plan grades",
    "plan blend",
    "plan blend of two",
    "plan output of an opening run",
    "plan run in a store of its own",
    "plan process that runs with another",
    "plan process that takes a resource",
    "plan set-up that takes a resource",
    "plan run of a good kept by age",
    "plan run of a good with a shelf life",
    "plan cover of less demand",
    "plan less demand by a project that may be abandoned",
    "plan effect process",
    "plan effect demand",
    "plan sale of an age",
    "plan sale of an age along a curve",
    "plan use of an age",
    "opening_stages.age",
    "alternatives",
    "plan alternatives",
    "plan tranche of an opening stage",
    "opening_disbursements.amount",
    "plan commitment for an opening stage",
    "plan exposure of an opening stage",
    "plan interest of an opening loan of a stage",
    "plan opening loan written off",
    "plan repayment of an opening loan of a project",
    "plan repayment of an opening loan of a stage",
    "plan effect of an opening stage",
    "kind origin-in-use",
    "goods.trace",
    "sectors.accepted_origins",
    "opening_stock.origin",
    "opening_lent.origin",
    "processes.origin",
    "plan traced_stock",
    "plan traced_stock.lent",
    "plan traced_stock.loss",
    "plan traced_use",
    "plan traced_use.market",
    "plan traced use of several origins",
    "plan traced goods of processes",
    "plan batches",
    "plan several batches of a run",
    "plan tight origin-in-use at_most",
    "plan tight origin-in-use at_least",
    "plan missed origin-in-use",
    "kind energy",
    "kind emissions",
    "policies.process",
    "sources.energy",
    "sources.emissions",
    "plan tight energy at_most",
    "plan tight emissions at_most",
    "plan missed energy",
    "plan missed emissions",
    "kind deliveries",
    "kind share",
    "kind market-share",
    "kind cover",
    "kind exposure",
    "kind spending",
    "kind budget-use",
    "per period",
    "per year",
    "per fiscal-year",
    "per horizon",
    "by mined",
    "by chain",
    "paid_by both",
    "paid_by market",
    "policies.from",
    "policies.until",
    "policies.good",
    "policies.material",
    "policies.origin",
    "policies.group",
    "policies.supplier",
    "policies.source",
    "policies.market",
    "policies.sector",
    "policies.fund",
    "policies.project",
    "policies.at_least",
    "policies.at_most",
    "policies.volume",
    "policies.penalty",
    "plan policies.cost",
    "plan a policy missed for nothing",
    "plan policies",
    "plan tight deliveries at_most",
    "plan tight share at_most",
    "plan tight market-share at_most",
    "plan tight cover at_most",
    "plan tight exposure at_most",
    "plan tight spending at_most",
    "plan tight budget-use at_most",
    "plan tight deliveries at_least",
    "plan tight share at_least",
    "plan tight market-share at_least",
    "plan tight cover at_least",
    "plan tight spending at_least",
    "plan tight budget-use at_least",
    "plan missed deliveries",
    "plan missed share",
    "plan missed market-share",
    "plan missed cover",
    "plan missed exposure",
    "plan missed spending",
    "plan missed budget-use",
    "kind delivery",
    "kind order",
    "kind stage",
    "resources.overtime",
    "resources.overtime_price",
    "resource_use.over_stage",
    "resource_use.per_order",
    "resource_use.per_unit",
    "plan resources",
    "plan overtime free",
    "plan overtime paid",
    "plan resources in use",
    "plan stages take resources",
    "contracts.ceiling",
    "contracts.floor",
    "contracts.index_factor",
    "contracts.min_rate",
    "contracts.premium",
    "contracts.project",
    "accounts.until",
    "accounts.price",
    "accounts.entry_fee",
    "accounts.carrying_cost",
    "accounts.proceeds_to",
    "plan accounts.drawn",
    "plan accounts.replaced",
    "plan accounts.bought",
    "plan commencements",
    "plan calls under a contract that waited for a project",
    "plan signature of a contract that a stage needs",
    "requires.needs_contract",
    "contracts.upside_share",
    "opening_contracts.price",
    "plan calls.quantity",
    "plan calls.untaken",
    "plan calls take resources",
    "plan calls under an opening contract",
    "plan commitments of contracts",
    "plan contract at a price of its signing",
    "plan contract that follows a market",
    "plan contract that follows a series",
    "plan contract that follows a source",
    "plan contract_deliveries.duty",
    "plan contracts",
    "plan orders and calls at one source",
    "decision signing",
    "pins.at_least",
    "pins.at_most",
    "pins.stage",
    "decision abandonment",
    "decision backlog",
    "decision disposal",
    "decision draw",
    "decision exchange",
    "decision order",
    "decision overtime",
    "decision release",
    "decision run",
    "decision repayment",
    "decision sale",
    "decision service",
    "decision shortfall",
    "decision stock",
    "decision substitution",
    "decision transfer",
    "draw at least",
    "pins.from_store",
    "pins.to_store",
    "pins.sector",
    "backlog.cost",
    "backlog.end_penalty",
    "backlog.good",
    "backlog.max_wait",
    "backlog.sector",
    "plan backlog",
    "plan backlog.caught_up",
    "plan backlog.cost",
    "plan backlog.end_penalty",
    "plan backlog.postponed",
    "accepts.cost",
    "accepts.rate",
    "plan substitution",
    "discount all-units",
    "discount incremental",
    "plan discount",
    "arrivals.share",
    "opening_orders.price",
    "opening_orders.quantity",
    "plan lots",
    "plan transfers",
    "plan transfers.cost",
    "plan balance.under_way",
    "plan store_balance",
    "plan stock that ages in stores",
    "plan loss on the way",
    "sources.store",
    "sectors.store",
    "stores.release_rate",
    "storage.release_rate",
    "transfers.capacity",
    "transfers.cost",
    "transfers.good",
    "plan lost deliveries",
    "sources.lot_size",
    "a fund that does not count pays for purchases",
    "such a fund, lumps and a terminal value",
    "a capacity at some times",
    "a terminal value above a price",
    "carry-over at a fiscal year end inside",
    "discount",
    "duties.good",
    "effects.ramp",
    "every period",
    "every year",
    "financing.max_share",
    "financing.stage",
    "funds.limit",
    "funds.maturity",
    "funds.public",
    "funds.uses",
    "goods.disposal_cost",
    "goods.end_stock",
    "goods.loss_rate",
    "goods.shelf_life",
    "goods.terminal_value",
    "goods.unit",
    "hard target",
    "kind appropriation",
    "kind capacity",
    "kind credit",
    "kind private",
    "kind revenue",
    "kind revolving",
    "kind supply",
    "lumpy without limit",
    "money MUSD",
    "money USD",
    "money kUSD",
    "no funds",
    "opening stock of age 0",
    "funds.commitment_limit",
    "funds.exposure_limit",
    "projects.recovery",
    "plan loans.written_off",
    "plan loans.recovered",
    "plan exposure.lost",
    "projects.exposure_limit",
    "plan exposure.unverified",
    "plan exposure.outstanding",
    "plan commitments",
    "plan funds.committed",
    "opening_cash.cash",
    "opening_cash.debt",
    "opening_cash.paid",
    "financing.interest",
    "financing.grace",
    "financing.dividend",
    "opening_loans.grace",
    "opening_loans.first_instalment",
    "plan loans.lent",
    "plan loans.interest",
    "plan loans.repaid",
    "plan loans.principal",
    "plan funds.returned",
    "pay_on release",
    "pay_on verification",
    "perspective all",
    "perspective public",
    "plan balance",
    "plan balance.closing",
    "plan balance.disposed",
    "plan balance.loss",
    "plan balance.sold",
    "plan balance.under_target",
    "plan deliveries",
    "plan deliveries.duty",
    "plan disbursements",
    "plan effect capacity",
    "plan effect revenue",
    "plan effect supply",
    "plan effects",
    "plan funds",
    "plan funds.debt",
    "plan funds.drawn",
    "plan funds.interest",
    "plan funds.lapsed",
    "plan funds.repaid",
    "plan funds.revenue",
    "plan go",
    "plan order_steps",
    "plan orders",
    "plan orders.order_charge",
    "plan payments",
    "plan rotation",
    "plan second stage",
    "plan service",
    "plan shortfall",
    "plan shortfall.penalty",
    "plan stock",
    "plan two funds finance",
    "plan two funds purchase",
    "prices.width",
    "projects.group",
    "projects.min_private_share",
    "projects.start_until",
    "requires.stage",
    "rotation.price",
    "rotation.proceeds_to",
    "shelf life 1",
    "sources.lead_time",
    "sources.min_order",
    "sources.order_cost",
    "sources.qualified_from",
    "sources.until",
    "step month",
    "step quarter",
    "step week",
    "step year",
    "storage.capacity",
    "storage.holding_cost",
    "storage.until",
    "stores.capacity",
    "supply.capacity",
    "targets.cover",
    "targets.penalty",
    "targets.quantity",
    "three stages",
    "tiers.good",
    "tiers.sector",
    "time period",
    "time year",
    "two stores",
)
