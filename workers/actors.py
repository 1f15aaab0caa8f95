"""Imports every feature's actors, so that their kinds have handlers: one line each."""

import workers.artwork.actors
import workers.catalog.actors
import workers.catalog.ages
import workers.downloaders.actors
import workers.enrich.actors
import workers.identify.actors
import workers.identify.ordering
import workers.libraries.actors
import workers.players.actors
import workers.players.restoring
import workers.providers.actors
import workers.publish.actors
import workers.publish.clearing
import workers.publish.verifying
import workers.search.actors
import workers.system.actors  # noqa: F401
