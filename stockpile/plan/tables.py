"""The tables of a plan: every one and every column is declared here once, with its kind and unit."""

from __future__ import annotations

from stockpile.plan.column import Table, table
from stockpile.plan.tables_contracts import CONTRACTS
from stockpile.plan.tables_futures import FUTURES
from stockpile.plan.tables_instruments import INSTRUMENTS
from stockpile.plan.tables_policies import POLICIES
from stockpile.plan.tables_processing import PROCESSING
from stockpile.plan.tables_tracing import TRACING

_DECLARED = (
    table(
        "orders",
        "orders placed, and what the market buys, one row each",
        "source",
        """
        source name source ordered from
        good name what the source sells
        quantity quantity ordered
        order_charge money charge of the order, paid when it is placed
        arrives text label of the period of delivery; empty where that is after the horizon
        """,
    ),
    table(
        "order_steps",
        "orders by price step",
        "source step",
        """
        source name source ordered from
        step number price step of the source
        quantity quantity ordered in the step
        price price price of the step when ordered
        """,
    ),
    table(
        "deliveries",
        "what arrives, and what is paid on arrival",
        "source",
        """
        source name source of the goods
        good name what arrives
        ordered text label of the period of the order
        quantity quantity that arrives
        cost money goods at the prices of the order date
        duty money duty in force on arrival
        """,
    ),
    table(
        "stock",
        "closing stock by store",
        "good store",
        """
        good name good kept
        store name store that keeps it
        quantity quantity at the close
        holding_cost money cost of holding it over the period
        """,
    ),
    table(
        "transfers",
        "goods sent from store to store",
        "good from_store to_store age",
        """
        good name good moved
        from_store name store that sends
        to_store name store that receives
        age number periods since it was received when it is sent; 0 for a good without shelf life
        quantity quantity sent
        cost money of moving it, paid when it is sent
        arrives text label of the period in which it arrives
        """,
    ),
    table(
        "store_balance",
        "the balance of goods that do not move freely, by store and age",
        "good store age",
        """
        good name good kept
        store name store that keeps it
        age number periods since it was received; 0 for a good without shelf life
        received quantity deliveries that are put into the store
        arrived quantity from other stores, less what is lost on the way
        sent quantity to other stores
        taken quantity that leaves the reserve
        closing quantity at the close
        """,
    ),
    table(
        "balance",
        "the balance of every good",
        "good",
        """
        good name good balanced
        opening quantity at the close of the period before
        loss quantity lost in storage
        received quantity deliveries, what processes make, lent goods that come back, and fresh opening stock in the first period
        released quantity to sectors
        sold quantity in rotation: sold or lent
        disposed quantity thrown away
        closing quantity at the close
        target quantity stock target
        under_target quantity missing to the target
        target_penalty money penalty of what is missing
        under_way quantity on the way between stores at the close; it is lost as in store
        processed quantity taken by processes
        """,
        dense=True,
    ),
    table(
        "cohorts",
        "stock by age of the goods that are kept by age",
        "good age",
        """
        good name good kept by age
        age number periods since it was received; the last age of a good without shelf life holds all that is older
        opening quantity at the close of the period before, by the age that it has now
        loss quantity lost in storage
        received quantity deliveries, and fresh opening stock in the first period
        left quantity released, sold and disposed of
        closing quantity at the close
        """,
    ),
    table(
        "cohort_flows",
        "what leaves of the goods that are kept by age, by use",
        "good age use sector",
        """
        good name good that leaves
        age number age at which it leaves
        use name sector (one that limits the age), sale (where the price depends on the age) or other
        sector name sector that takes it
        quantity quantity that leaves
        """,
    ),
    table(
        "rotation",
        "sales, loans and disposals",
        "good mode",
        """
        good name good that leaves
        mode name sale, exchange or disposal
        quantity quantity that leaves
        price price sale price (the average where it is sold at steps), or cost of disposal
        amount money proceeds of a sale, or cost of disposal
        charge money charge of the sale or the loan
        """,
    ),
    table(
        "sale_steps",
        "sales of goods that have a demand curve, by step",
        "good step",
        """
        good name good sold
        step number step of the demand curve
        quantity quantity sold in the step
        price price price of the step, after the discount
        """,
    ),
    table(
        "exchange",
        "goods lent to industry: what goes out, what comes back, what is owed",
        "good",
        """
        good name good lent
        lent quantity lent in the period
        due text label of the period in which it comes back; empty where nothing is lent, or after the horizon
        returned quantity that comes back in the period, premium included
        owed quantity that is still to come back at the close, premium included
        """,
    ),
    table(
        "service",
        "what sectors get",
        "sector good",
        """
        sector name sector served
        good name good wanted
        demand quantity wanted
        served quantity released to the sector
        substituted quantity of the demand that is met with other goods
        short quantity not released
        """,
        dense=True,
    ),
    table(
        "market_supply",
        "what sectors get of what the market buys for normal consumption",
        "sector good",
        """
        sector name sector served
        good name good that it gets
        quantity quantity that it gets from the market
        """,
    ),
    table(
        "substitution",
        "goods that sectors take instead of those they want",
        "sector good given",
        """
        sector name sector served
        good name good wanted
        given name good taken instead
        quantity quantity of the given good
        replaces quantity of the demand that it meets
        cost money of using it
        """,
    ),
    table(
        "backlog",
        "demand that waits and is served later, the oldest first",
        "sector good",
        """
        sector name sector that waits
        good name good wanted
        postponed quantity of the period's demand that waits at its close
        caught_up quantity of earlier demand that is served
        waiting quantity at the close
        cost money charge for what waits at the close
        end_penalty money penalty of what still waits at the end of the horizon
        """,
    ),
    table(
        "releases",
        "what sectors pay for what they get",
        "sector good",
        """
        sector name sector that pays
        good name good that it gets, as the one it wants or instead of it
        quantity quantity that it gets
        price price release price
        amount money proceeds
        """,
    ),
    table(
        "shortfall",
        "what sectors do not get, by tier",
        "sector good tier",
        """
        sector name sector that lacks the good
        good name good wanted
        tier number tier of shortfall
        quantity quantity that is lacking
        penalty money penalty of the tier
        """,
    ),
    table(
        "go",
        "stages released",
        "project stage",
        """
        project name project released
        stage number stage released
        milestone text milestone that ends the stage
        cost money cost of the stage
        verified text label of the period in which the milestone is verified, unless the project is abandoned before; empty where that differs between the scenarios
        """,
    ),
    table(
        "abandonments",
        "projects abandoned",
        "project",
        """
        project name project abandoned
        cost money exit cost
        """,
    ),
    table(
        "disbursements",
        "what funds pay of each tranche",
        "project stage fund",
        """
        project name project paid
        stage number stage paid
        fund name fund that pays
        amount money paid
        instrument text grant, loan or equity
        """,
    ),
    table(
        "loans",
        "loans and equity; stage 0 is what was lent before the start",
        "project stage fund",
        """
        project name project that owes
        stage number stage paid with it
        fund name fund that lends
        lent money paid out
        interest money interest on the principal of the period before, or dividend
        repaid money instalment, or dividend
        principal money owed at the close, interest that was added included
        written_off money principal lost because the project is abandoned
        recovered money what comes back of what was written off
        """,
    ),
    table(
        "effects",
        "what commissioned projects bring",
        "project after kind name sector",
        """
        project name project commissioned
        after number stage whose milestone commissions it
        kind name supply, capacity, revenue, process or demand
        name name source, store, fund or process that gains, or good of which demand falls
        amount effect available in the period; of demand the share that falls away
        sector name sector whose demand falls
        """,
    ),
    table(
        "resources",
        "what is taken of every resource",
        "resource",
        """
        resource name resource
        used effort taken by orders, deliveries, stages and processes
        capacity effort there without overtime; what is used where that is without limit
        overtime effort paid for on top
        cost money cost of the overtime
        """,
        dense=True,
    ),
    table(
        "payments",
        "payments of funds by class",
        "fund use",
        """
        fund name fund that pays
        use name purchases, order_charges, duties, contracts, storage, transfers, disposal, rotation_charges, overtime, processing, exit_costs, guarantees, price_floors, incentives or projects
        amount money paid
        """,
    ),
    table(
        "exposure",
        "what funds have at risk in projects at the close",
        "fund project",
        """
        fund name fund that paid, or that guarantees a loan
        project name project that was paid
        unverified money paid or guaranteed for milestones that are still open
        outstanding money principal of loans and equity beside that, guaranteed or without guarantee
        lost money paid to or owed by an abandoned project, less what came back
        """,
    ),
    table(
        "commitments",
        "what funds promise with releases, orders and signings that are paid later, where a fund has a commitment limit",
        "fund kind name stage",
        """
        fund name fund that promises
        kind name stage, order or contract
        name name project, source or contract
        stage number stage released, 0 for others
        amount money promised
        """,
    ),
    table(
        "funds",
        "cash and debt of every fund",
        "fund",
        """
        fund name fund
        opening money cash at the close of the period before
        budget money paid in
        drawn money drawn on credit
        proceeds money of sales and releases
        revenue money of projects, price floors included
        paid money payments of all classes
        interest money on the debt of the period before
        repaid money debt repaid
        lapsed money not carried over at the end of a fiscal year
        closing money cash at the close
        debt money owed at the close
        returned money repayments, dividends, fees and recoveries of projects, and what guarantors pay
        committed money promised and not yet paid at the close, where it has a commitment limit
        """,
        dense=True,
    ),
    table(
        "end_values",
        "what counts at the end beside stock",
        "kind name",
        """
        kind name debt, project, lent, principal or order
        name name fund, project, good or source
        amount money owed (debt, principal), or worth of the project or of the goods lent or on order
        value money that counts: a cost, or negative for a gain; of goods on order what is still to be paid less their worth
        """,
    ),
)

#: Every table of a plan by name, in the order in which they are written.
TABLES: dict[str, Table] = {
    declared.name: declared
    for declared in (*_DECLARED, *FUTURES, *CONTRACTS, *INSTRUMENTS, *PROCESSING, *POLICIES, *TRACING)
}
