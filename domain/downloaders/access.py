"""Row policy of what other servers sent us: for administrators, because it names paths and servers."""

from domain.catalog.access import admins
from domain.kit.policy import guard
from domain.system.tables import InboundEvent

guard(InboundEvent, admins)
