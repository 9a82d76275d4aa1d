"""Transfers: how goods move between stores."""

from stockpile.instance.schema.column import SINCE, UNTIL, column, key, table

STORES = (
    table(
        "transfers",
        "routes between stores; a good that has one moves by its routes alone, and is balanced store by store",
        "good from_store to_store from",
        column(
            "good",
            "name",
            "good moved; its rows come before those of all goods",
            refers="goods",
            blank="each of the goods that both stores keep",
        ),
        key("from_store", "store that sends", refers="stores"),
        key("to_store", "store that receives", refers="stores"),
        SINCE,
        UNTIL,
        column(
            "cost",
            "price",
            "cost of moving a unit, paid when it is sent; goods on their way cost nothing else and take no room",
            default=0.0,
        ),
        column(
            "lead_time",
            "duration",
            "time on the way, the same in all rows of a route; goods on their way age, and are lost as in store",
            default="0",
        ),
        column("capacity", "flow", "most that can be sent", blank="without limit"),
    ),
)
