"""What lists below something take: the filters and orders of the flat lists."""

from api.catalog.filters.credits import CreditWhere, credit_conditions
from api.catalog.filters.items import MediaItemWhere, item_conditions
from api.catalog.filters.orders import MediaItemOrder, item_order
from api.kit.planner import Narrowing

ITEMS = Narrowing(MediaItemWhere, item_conditions, MediaItemOrder, item_order)
CREDITS = Narrowing(CreditWhere, credit_conditions)
