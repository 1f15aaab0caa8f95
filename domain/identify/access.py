"""Row policy of identification: an attempt is as visible as its item."""

from domain.identify.tables import IdentificationAttempt
from domain.kit.policy import follows

follows(IdentificationAttempt, IdentificationAttempt.item_id)
