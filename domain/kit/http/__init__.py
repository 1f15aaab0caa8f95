"""Egress: the only place that opens outbound connections, and what each of them may do."""

from domain.kit.http.connecting import Resolve, ends_after
from domain.kit.http.egress import ANY_HOST, Answer, Egress, Limits
from domain.kit.http.lan import Lan, Socket, Target
from domain.kit.http.reading import json_of
from domain.kit.http.retrying import retry_after

__all__ = ["ANY_HOST", "Answer", "Egress", "Lan", "Limits", "Resolve", "Socket", "Target", "ends_after", "json_of", "retry_after"]
