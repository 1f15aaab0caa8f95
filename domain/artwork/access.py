"""Row policy of artwork: a use or an offer is as visible as its entity; the bytes themselves are nobody's list."""

from domain.artwork.tables import Asset, CachedFile, EmbeddedPictures, ImageCandidate, ImageChoice, ImageDownload, ImageVariant
from domain.catalog.access import admins, of_entity
from domain.kit.policy import guard

guard(Asset, of_entity("entity_id"))
guard(ImageCandidate, of_entity("entity_id"))
guard(ImageDownload, of_entity("entity_id"))
guard(ImageChoice, of_entity("entity_id"))
guard(CachedFile, admins)
guard(EmbeddedPictures, admins)
guard(ImageVariant, admins)
