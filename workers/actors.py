"""Imports every feature's actors, so that their kinds have handlers: one line each."""

import workers.libraries.actors
import workers.system.actors  # noqa: F401
