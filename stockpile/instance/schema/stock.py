"""Goods, stores, opening stock, rotation and stock targets."""

from stockpile.instance.schema.column import SINCE, UNTIL, column, key, table
from stockpile.instance.schema.rotation import EVENTS, EXCHANGE, PLACES

STOCK = (
    table(
        "goods",
        "materials in the form in which they are bought, kept and used",
        "good",
        key("good", "name of the good, such as `NdPr oxide`"),
        column("material", "text", "material it contains"),
        column("form", "text", "form of the material: oxide, metal, alloy, magnet"),
        column("unit", "unit", "unit of the quantities of this good", blank="the instance's"),
        column(
            "shelf_life",
            "duration",
            "a unit received in period b may leave in b, ..., b + shelf_life - 1",
            minimum=1,
            blank="without limit",
        ),
        column("loss_rate", "loss", "share lost in storage", default=0.0),
        column("disposal_cost", "price", "cost of throwing it away", default=0.0),
        column("terminal_value", "price", "value of stock left at the end of the horizon", default=0.0),
        column("end_stock", "quantity", "stock that must be left at the end of the horizon", default=0.0),
        column(
            "trace",
            "flag",
            "whether stock is told apart by origin, as far as policies of kind origin-in-use and the accepted_origins of "
            "sectors do, so that they follow it into use. A policy by mine or chain follows it back too, to those of the goods it is "
            "made of that are traced: these are the ones that count, and others are of no account",
            blank="false",
        ),
    ),
    table(
        "stores",
        "places that keep goods",
        "store",
        key("store", "name of the store"),
        column(
            "capacity", "quantity", "what all goods of the store share, in the instance's unit", blank="without limit"
        ),
        column(
            "release_rate",
            "flow",
            "most of all goods together that can leave the store, to users or to other stores, what passes through it in a "
            "period included; its goods are balanced store by store",
            blank="without limit",
        ),
    ),
    table(
        "storage",
        "which store keeps which good, at what cost",
        "good store from",
        key("good", "good kept", refers="goods"),
        key("store", "store that keeps it", refers="stores"),
        SINCE,
        UNTIL,
        column("holding_cost", "price_rate", "cost of holding closing stock", default=0.0),
        column("capacity", "quantity", "most of this good in this store", blank="without limit"),
        column(
            "release_rate",
            "flow",
            "most of this good that can leave this store; the good is balanced store by store",
            blank="without limit",
        ),
    ),
    table(
        "opening_stock",
        "stock at the start of the horizon",
        "good store age origin mined_in",
        key("good", "good in stock", refers="goods"),
        key("store", "store that keeps it", refers="stores"),
        column(
            "age",
            "duration",
            "time since it was received, at the first period; stock of age 0 arrives in the first period",
            default="0",
        ),
        *PLACES,
        column("quantity", "quantity", "stock", required=True),
    ),
    table(
        "rotation",
        "how ageing stock may leave: sold at a discount into a market of limited depth, or lent to industry and returned fresh; stock issued to a user has a price in release_prices",
        "good mode from",
        key("good", "good rotated", refers="goods"),
        column("mode", "choice", "way of rotation", choices=("sale", "exchange"), default="sale"),
        SINCE,
        UNTIL,
        column("discount", "share", "reduction of the price", default=0.0),
        column(
            "price",
            "price",
            "price before the discount",
            blank="the cheapest first price step in force among the good's sources, or the steps in sales",
        ),
        column("depth", "flow", "most that the market takes", blank="without limit, or the widths in sales"),
        column(
            "proceeds_to",
            "name",
            "fund that gets the proceeds",
            refers="funds",
            blank="no fund; the objective counts them",
        ),
        *EVENTS,
        *EXCHANGE,
    ),
    table(
        "targets",
        "stock that is wanted at the close of every period",
        "good from",
        key("good", "good wanted in stock", refers="goods"),
        SINCE,
        UNTIL,
        column("quantity", "quantity", "stock wanted", default=0.0),
        column("cover", "days", "days of the good's demand in force; the larger of the two counts", default=0.0),
        column("penalty", "price_rate", "cost of a unit missing for a time unit", blank="the target must be met"),
    ),
)
