"""Filters and orders have their indexes.

Revision: 0008
After: 0007
"""

import sqlalchemy as sa
from alembic import op

# fmt: off
revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

# name, table, columns, condition (or that of SQLite and that of PostgreSQL)
OLD = (
    ('ix_jobs_created_at', 'jobs', ['created_at'], None),
    ('ix_jobs_finished_at', 'jobs', ['finished_at'], 'finished_at IS NOT NULL'),
    ('ix_media_files_discovered_at', 'media_files', ['discovered_at'], None),
    ('ix_media_items_identification', 'media_items', ['identification'], None),
    ('ix_media_items_is_monitored', 'media_items', ['is_monitored'], None),
    ('ix_media_items_popularity', 'media_items', ['popularity'], 'popularity IS NOT NULL'),
    ('ix_media_items_release_date', 'media_items', ['release_date'], None),
)
NEW = (
    ('ix_audio_streams_channels', 'audio_streams', ['channels', 'file_id'], None),
    ('ix_audio_streams_codec', 'audio_streams', ['codec', 'file_id'], None),
    ('ix_audio_streams_language', 'audio_streams', ['language', 'file_id'], None),
    ('ix_collections_created_at', 'collections', ['created_at', 'id'], None),
    ('ix_external_ids_value', 'external_ids', ['provider', 'external_id', 'entity_id'], None),
    ('ix_field_locks_state', 'field_locks', ['state', 'entity_id'], None),
    ('ix_item_files_copies', 'item_files', ['item_id'], "role = 'main' AND copy_number > 1"),
    ('ix_item_files_trailers', 'item_files', ['item_id'], "role = 'trailer'"),
    ('ix_item_ratings_value', 'item_ratings', ['source', 'value', 'item_id'], None),
    ('ix_item_ratings_votes', 'item_ratings', ['source', 'votes', 'item_id'], None),
    ('ix_jobs_created_at', 'jobs', ['created_at', 'id'], None),
    ('ix_jobs_finished_at', 'jobs', ['finished_at', 'id'], None),
    ('ix_media_files_discovered_at', 'media_files', ['discovered_at', 'id'], None),
    ('ix_media_files_by_library', 'media_files', ['library_id', 'uri'], None),
    ('ix_media_files_container', 'media_files', ['container', 'id'], None),
    ('ix_media_files_duration_ms', 'media_files', ['duration_ms', 'id'], None),
    ('ix_media_files_kind', 'media_files', ['file_kind', 'uri'], None),
    ('ix_media_files_probe_error', 'media_files', ['uri'], 'probe_error IS NOT NULL'),
    ('ix_media_files_size_bytes', 'media_files', ['size_bytes', 'id'], None),
    ('ix_media_items_by_created_at', 'media_items', ['created_at', 'id'], 'deleted_at IS NULL'),
    ('ix_media_items_by_popularity', 'media_items', ['popularity', 'id'], 'deleted_at IS NULL'),
    ('ix_media_items_by_release_date', 'media_items', ['release_date', 'id'], 'deleted_at IS NULL'),
    ('ix_media_items_by_runtime', 'media_items', ['runtime_ms', 'id'], 'deleted_at IS NULL'),
    ('ix_media_items_by_sort_key', 'media_items', ['sort_key', 'id'], 'deleted_at IS NULL'),
    ('ix_media_items_by_updated_at', 'media_items', ['updated_at', 'id'], 'deleted_at IS NULL'),
    ('ix_media_items_by_year', 'media_items', ['year', 'id'], 'deleted_at IS NULL'),
    ('ix_media_items_changed', 'media_items', ['kind', 'updated_at', 'id'], 'deleted_at IS NULL'),
    ('ix_media_items_edition', 'media_items', ['edition', 'id'], "edition <> ''"),
    ('ix_media_items_kids', 'media_items', ['is_kids_friendly', 'sort_key', 'id'], ('is_kids_friendly = 1', 'is_kids_friendly')),
    ('ix_media_items_min_age', 'media_items', ['min_age', 'id'], 'min_age IS NOT NULL'),
    ('ix_media_items_popular', 'media_items', ['kind', 'popularity', 'id'], 'deleted_at IS NULL'),
    ('ix_media_items_rare_availability', 'media_items', ['availability', 'sort_key', 'id'], "availability IN ('missing')"),
    ('ix_media_items_rare_enrichment', 'media_items', ['enrichment', 'sort_key', 'id'], "enrichment IN ('failed', 'partial')"),
    ('ix_media_items_rare_identification', 'media_items', ['identification', 'sort_key', 'id'], "identification IN ('ambiguous', 'unidentified')"),
    ('ix_media_items_rare_production_status', 'media_items', ['production_status', 'sort_key', 'id'], "production_status IN ('canceled', 'in_production', 'pilot', 'planned', 'post_production', 'rumored')"),
    ('ix_media_items_rare_publication', 'media_items', ['publication', 'sort_key', 'id'], "publication IN ('failed', 'outdated')"),
    ('ix_media_items_released', 'media_items', ['kind', 'release_date', 'id'], 'deleted_at IS NULL'),
    ('ix_media_items_runtimes', 'media_items', ['kind', 'runtime_ms', 'id'], 'deleted_at IS NULL'),
    ('ix_media_items_unmonitored', 'media_items', ['is_monitored', 'sort_key', 'id'], ('is_monitored = 0', 'NOT is_monitored')),
    ('ix_people_birth_date', 'people', ['birth_date', 'id'], None),
    ('ix_people_created_at', 'people', ['created_at', 'id'], None),
    ('ix_people_death_date', 'people', ['death_date', 'id'], 'death_date IS NOT NULL'),
    ('ix_subtitle_streams_language', 'subtitle_streams', ['language', 'file_id'], None),
    ('ix_video_streams_codec', 'video_streams', ['codec', 'file_id'], None),
    ('ix_video_streams_hdr_format', 'video_streams', ['hdr_format', 'file_id'], None),
    ('ix_video_streams_height', 'video_streams', ['height', 'file_id'], None),
    ('ix_video_streams_width', 'video_streams', ['width', 'file_id'], None),
)


def _change(gone, made) -> None:
    for name, table, _, _ in gone:
        op.drop_index(name, table_name=table)
    for name, table, columns, where in made:
        sqlite, postgresql = where if isinstance(where, tuple) else (where, where)
        op.create_index(
            name, table, columns,
            sqlite_where=None if sqlite is None else sa.text(sqlite), postgresql_where=None if postgresql is None else sa.text(postgresql),
        )


def upgrade() -> None:
    """On PostgreSQL a lock that is not had within ten seconds fails the step, and nothing has happened."""
    _change(OLD, NEW)


def downgrade() -> None:
    _change(NEW, OLD)
