"""The tables of a plan that tell of contracts, and of accounts of participants."""

from __future__ import annotations

from stockpile.plan.column import table

CONTRACTS = (
    table(
        "contracts",
        "contracts signed",
        "contract",
        """
        contract name contract signed
        source name source that it is with
        premium money cost of signing it
        until text label of the last period in which something may be called, blank where it waits for a project
        """,
    ),
    table(
        "commencements",
        "contracts that waited for a project and begin, as both the signature and the project are there",
        "contract",
        """
        contract name contract that begins
        project name project that is commissioned
        until text label of the last period in which something may be called
        """,
    ),
    table(
        "calls",
        "what is called under contracts, and what is paid for without being taken",
        "contract",
        """
        contract name contract under which it is called
        good name good called
        quantity quantity called
        untaken quantity missing to the least rate, paid for nevertheless
        price price price of the contract
        cost money of both, paid on arrival
        arrives text label of the period of delivery
        """,
    ),
    table(
        "contract_deliveries",
        "what arrives under contracts, and what is paid on arrival",
        "contract",
        """
        contract name contract under which it was called
        good name what arrives
        called text label of the period of the call
        quantity quantity that arrives
        cost money of that and of what was not taken, as far as deliveries arrive
        duty money duty in force on arrival
        """,
    ),
    table(
        "accounts",
        "what participants draw on their accounts, how it is settled, and what they pay",
        "sector good",
        """
        sector name sector that takes part
        good name good drawn
        drawn quantity part of what the sector gets that it draws on its account
        replaced quantity what comes back for earlier draws
        bought quantity earlier draws that it now pays for
        unsettled quantity drawn and not yet settled
        fees money entry fee and carrying cost
        paid money for what it bought, at the set price
        """,
    ),
)
