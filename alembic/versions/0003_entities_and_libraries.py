"""Entities and libraries.

Revision: 0003
After: 0002
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On PostgreSQL a lock that is not had within ten seconds fails the step, and nothing has happened."""
    op.create_table('countries',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('code', sa.String(2), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_countries')),
    sa.UniqueConstraint('code', name=op.f('uq_countries_code')),
    sa.UniqueConstraint('name', name=op.f('uq_countries_name'))
    )
    op.create_table('entities',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('kind', sa.Enum('movie', 'series', 'season', 'episode', 'artist', 'album', 'track', 'interstitial', 'intro', 'outro', 'promo', 'bumper', 'station_id', 'clip', 'ad', 'unknown', 'custom', 'person', 'collection', 'group', 'studio', 'channel', name='entity_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('merged_into_id', types.Key, nullable=True),
    sa.CheckConstraint('coalesce(merged_into_id, 0) <> id', name=op.f('ck_entities_merged_elsewhere')),
    sa.ForeignKeyConstraint(['merged_into_id'], ['entities.id'], name=op.f('fk_entities_merged_into_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entities')),
    sa.UniqueConstraint('id', 'kind', name=op.f('uq_entities_id_kind')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_entities_merged_into_id'), 'entities', ['merged_into_id'], unique=False)
    op.create_table('genres',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_normalized', sa.String(), nullable=False),
    sa.Column('sort_key', types.SortText, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_genres')),
    sa.UniqueConstraint('name', name=op.f('uq_genres_name')),
    sa.UniqueConstraint('name_normalized', name=op.f('uq_genres_name_normalized'))
    )
    op.create_index('ix_genres_sort_key', 'genres', ['sort_key', 'id'], unique=False)
    op.create_table('media_types',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('display_name', sa.String(), nullable=False),
    sa.Column('icon', sa.String(), nullable=True),
    sa.Column('color', sa.String(), nullable=True),
    sa.Column('interaction_verb', sa.String(), nullable=False),
    sa.Column('session_noun', sa.String(), nullable=False),
    sa.Column('progress_unit', sa.String(), nullable=False),
    sa.Column('status_labels', types.Json, nullable=False),
    sa.Column('finish_threshold', sa.Double(), nullable=True),
    sa.Column('metadata_schema', types.Json, nullable=True),
    sa.Column('is_trackable', sa.Boolean(), nullable=False),
    sa.Column('is_enabled', sa.Boolean(), nullable=False),
    sa.Column('is_system', sa.Boolean(), nullable=False),
    sa.CheckConstraint('coalesce(finish_threshold, 1) > 0 AND coalesce(finish_threshold, 1) <= 1', name=op.f('ck_media_types_threshold')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_media_types')),
    sa.UniqueConstraint('name', name=op.f('uq_media_types_name'))
    )
    op.create_table('rating_systems',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('system', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=True),
    sa.Column('min_age', sa.Integer(), nullable=True),
    sa.CheckConstraint('coalesce(min_age, 0) >= 0 AND coalesce(min_age, 0) <= 21', name=op.f('ck_rating_systems_age')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rating_systems')),
    sa.UniqueConstraint('system', 'code', name=op.f('uq_rating_systems_system_code'))
    )
    op.create_table('sources',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('kind', sa.Enum('filesystem', 'plex', 'jellyfin', 'emby', 'tmm', 'radarr', 'sonarr', 'lidarr', 'metarr', 'retrovue', 'chronicle', name='source_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('external_id', sa.String(), nullable=True),
    sa.Column('base_url', sa.String(), nullable=True),
    sa.Column('secret', sa.String(), nullable=True),
    sa.Column('config', types.Json, nullable=False),
    sa.Column('is_enabled', sa.Boolean(), nullable=False),
    sa.Column('connection_status', sa.Enum('unknown', 'connected', 'disconnected', 'error', name='connection_status', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('last_connected_at', types.Instant(), nullable=True),
    sa.Column('last_error', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sources')),
    sa.UniqueConstraint('external_id', name=op.f('uq_sources_external_id')),
    sqlite_autoincrement=True
    )
    op.create_table('collections',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(32), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_normalized', sa.String(), nullable=False),
    sa.Column('sort_name', sa.String(), nullable=True),
    sa.Column('sort_key', types.SortText, nullable=False),
    sa.Column('plot', sa.String(), nullable=True),
    sa.Column('media_type_id', types.Key, nullable=False),
    sa.CheckConstraint("kind = 'collection'", name=op.f('ck_collections_kind')),
    sa.ForeignKeyConstraint(['id', 'kind'], ['entities.id', 'entities.kind'], name=op.f('fk_collections_id_kind'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['media_type_id'], ['media_types.id'], name=op.f('fk_collections_media_type_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_collections'))
    )
    op.create_index(op.f('ix_collections_media_type_id'), 'collections', ['media_type_id'], unique=False)
    op.create_index(op.f('ix_collections_name_normalized'), 'collections', ['name_normalized'], unique=False)
    op.create_index('ix_collections_sort_key', 'collections', ['sort_key', 'id'], unique=False)
    op.create_table('external_ids',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('entity_id', types.Key, nullable=False),
    sa.Column('entity_kind', sa.Enum('movie', 'series', 'season', 'episode', 'artist', 'album', 'track', 'interstitial', 'intro', 'outro', 'promo', 'bumper', 'station_id', 'clip', 'ad', 'unknown', 'custom', 'person', 'collection', 'group', 'studio', 'channel', name='entity_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('provider', sa.String(), nullable=False),
    sa.Column('namespace', sa.String(), nullable=False),
    sa.Column('external_id', sa.String(), nullable=False),
    sa.Column('url', sa.String(), nullable=True),
    sa.Column('is_primary', sa.Boolean(), nullable=False),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['entity_id', 'entity_kind'], ['entities.id', 'entities.kind'], name=op.f('fk_external_ids_entity_id_entity_kind'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_external_ids')),
    sa.UniqueConstraint('entity_id', 'provider', 'namespace', 'external_id', name=op.f('uq_external_ids_entity_id_provider_namespace_external_id'))
    )
    op.create_index('ix_external_ids_lookup', 'external_ids', ['provider', 'namespace', 'external_id'], unique=False)
    op.create_index('uq_external_ids_default', 'external_ids', ['entity_id'], unique=True, sqlite_where=sa.text('is_default'), postgresql_where=sa.text('is_default'))
    op.create_index('uq_external_ids_owner', 'external_ids', ['provider', 'namespace', 'external_id'], unique=True, sqlite_where=sa.text("entity_kind IN ('person', 'collection', 'studio')"), postgresql_where=sa.text("entity_kind IN ('person', 'collection', 'studio')"))
    op.create_index('uq_external_ids_primary', 'external_ids', ['entity_id', 'provider', 'namespace'], unique=True, sqlite_where=sa.text('is_primary'), postgresql_where=sa.text('is_primary'))
    op.create_table('field_locks',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('entity_id', types.Key, nullable=False),
    sa.Column('field', sa.String(), nullable=False),
    sa.Column('state', sa.Enum('locked', 'unlocked', name='lock_state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('locked_by_user_id', types.Key, nullable=True),
    sa.Column('locked_at', types.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_field_locks_entity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['locked_by_user_id'], ['users.id'], name=op.f('fk_field_locks_locked_by_user_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_locks')),
    sa.UniqueConstraint('entity_id', 'field', name=op.f('uq_field_locks_entity_id_field'))
    )
    op.create_index(op.f('ix_field_locks_locked_by_user_id'), 'field_locks', ['locked_by_user_id'], unique=False)
    op.create_table('field_values',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('entity_id', types.Key, nullable=False),
    sa.Column('field', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('value', types.Json, nullable=False),
    sa.Column('set_by_user_id', types.Key, nullable=True),
    sa.Column('fetched_at', types.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_field_values_entity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['set_by_user_id'], ['users.id'], name=op.f('fk_field_values_set_by_user_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_values')),
    sa.UniqueConstraint('entity_id', 'field', 'source', name=op.f('uq_field_values_entity_id_field_source'))
    )
    op.create_index(op.f('ix_field_values_set_by_user_id'), 'field_values', ['set_by_user_id'], unique=False)
    op.create_table('libraries',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('sort_key', types.SortText, nullable=False),
    sa.Column('media_type_id', types.Key, nullable=False),
    sa.Column('is_enabled', sa.Boolean(), nullable=False),
    sa.Column('auto_enrich', sa.Boolean(), nullable=False),
    sa.Column('auto_publish', sa.Boolean(), nullable=False),
    sa.Column('ignore_patterns', types.Json, nullable=False),
    sa.Column('schedule_id', types.Key, nullable=True),
    sa.Column('last_scanned_at', types.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['media_type_id'], ['media_types.id'], name=op.f('fk_libraries_media_type_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['schedule_id'], ['job_schedules.id'], name=op.f('fk_libraries_schedule_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_libraries')),
    sa.UniqueConstraint('name', name=op.f('uq_libraries_name')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_libraries_media_type_id'), 'libraries', ['media_type_id'], unique=False)
    op.create_index(op.f('ix_libraries_schedule_id'), 'libraries', ['schedule_id'], unique=False)
    op.create_index('ix_libraries_sort_key', 'libraries', ['sort_key', 'id'], unique=False)
    op.create_table('media_groups',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(32), nullable=False),
    sa.Column('media_type_id', types.Key, nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=True),
    sa.Column('metadata', types.Json, nullable=False),
    sa.CheckConstraint("kind = 'group'", name=op.f('ck_media_groups_kind')),
    sa.ForeignKeyConstraint(['id', 'kind'], ['entities.id', 'entities.kind'], name=op.f('fk_media_groups_id_kind'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['media_type_id'], ['media_types.id'], name=op.f('fk_media_groups_media_type_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_media_groups')),
    sa.UniqueConstraint('id', 'media_type_id', name=op.f('uq_media_groups_id_media_type_id'))
    )
    op.create_index(op.f('ix_media_groups_media_type_id'), 'media_groups', ['media_type_id'], unique=False)
    op.create_table('media_levels',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('media_type_id', types.Key, nullable=False),
    sa.Column('level', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.Enum('movie', 'series', 'season', 'episode', 'artist', 'album', 'track', 'interstitial', 'intro', 'outro', 'promo', 'bumper', 'station_id', 'clip', 'ad', 'unknown', 'custom', name='item_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('plural', sa.String(), nullable=False),
    sa.Column('is_leaf', sa.Boolean(), nullable=False),
    sa.CheckConstraint('level >= 0 AND level <= 7', name=op.f('ck_media_levels_depth')),
    sa.ForeignKeyConstraint(['media_type_id'], ['media_types.id'], name=op.f('fk_media_levels_media_type_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('media_type_id', 'level', 'kind', name=op.f('pk_media_levels'))
    )
    op.create_table('merge_log',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('kept_id', types.Key, nullable=False),
    sa.Column('merged_id', types.Key, nullable=False),
    sa.Column('moved', types.Json, nullable=False),
    sa.Column('merged_by_user_id', types.Key, nullable=True),
    sa.Column('merged_at', types.Instant(), nullable=False),
    sa.Column('undone_at', types.Instant(), nullable=True),
    sa.CheckConstraint('kept_id <> merged_id', name=op.f('ck_merge_log_two_entities')),
    sa.ForeignKeyConstraint(['kept_id'], ['entities.id'], name=op.f('fk_merge_log_kept_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['merged_by_user_id'], ['users.id'], name=op.f('fk_merge_log_merged_by_user_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['merged_id'], ['entities.id'], name=op.f('fk_merge_log_merged_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merge_log'))
    )
    op.create_index(op.f('ix_merge_log_kept_id'), 'merge_log', ['kept_id'], unique=False)
    op.create_index(op.f('ix_merge_log_merged_by_user_id'), 'merge_log', ['merged_by_user_id'], unique=False)
    op.create_index(op.f('ix_merge_log_merged_id'), 'merge_log', ['merged_id'], unique=False)
    op.create_table('people',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(32), nullable=False),
    sa.Column('identity_key', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_normalized', sa.String(), nullable=False),
    sa.Column('disambiguation', sa.String(), nullable=False),
    sa.Column('sort_name', sa.String(), nullable=True),
    sa.Column('sort_key', types.SortText, nullable=False),
    sa.Column('biography', sa.String(), nullable=True),
    sa.Column('birth_date', sa.Date(), nullable=True),
    sa.Column('death_date', sa.Date(), nullable=True),
    sa.Column('birthplace', sa.String(), nullable=True),
    sa.Column('enrichment', sa.Enum('never', 'partial', 'complete', 'failed', name='enrichment', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('enrichment_priority', sa.Integer(), nullable=False),
    sa.Column('last_enriched_at', types.Instant(), nullable=True),
    sa.CheckConstraint("kind = 'person'", name=op.f('ck_people_kind')),
    sa.CheckConstraint('enrichment_priority >= 1 AND enrichment_priority <= 10', name=op.f('ck_people_enrichment_priority')),
    sa.ForeignKeyConstraint(['id', 'kind'], ['entities.id', 'entities.kind'], name=op.f('fk_people_id_kind'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people')),
    sa.UniqueConstraint('identity_key', name=op.f('uq_people_identity_key')),
    sa.UniqueConstraint('name_normalized', 'disambiguation', name=op.f('uq_people_name_normalized_disambiguation'))
    )
    op.create_index('ix_people_sort_key', 'people', ['sort_key', 'id'], unique=False)
    op.create_table('studios',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(32), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_normalized', sa.String(), nullable=False),
    sa.Column('sort_key', types.SortText, nullable=False),
    sa.CheckConstraint("kind = 'studio'", name=op.f('ck_studios_kind')),
    sa.ForeignKeyConstraint(['id', 'kind'], ['entities.id', 'entities.kind'], name=op.f('fk_studios_id_kind'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_studios')),
    sa.UniqueConstraint('name', name=op.f('uq_studios_name')),
    sa.UniqueConstraint('name_normalized', name=op.f('uq_studios_name_normalized'))
    )
    op.create_index('ix_studios_sort_key', 'studios', ['sort_key', 'id'], unique=False)
    op.create_table('library_access',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('library_id', types.Key, nullable=False),
    sa.Column('user_id', types.Key, nullable=True),
    sa.Column('group_id', types.Key, nullable=True),
    sa.Column('access_right', sa.Enum('view', 'edit', name='access_right', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.CheckConstraint('(CASE WHEN user_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN group_id IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_library_access_one_holder')),
    sa.ForeignKeyConstraint(['group_id'], ['groups.id'], name=op.f('fk_library_access_group_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['library_id'], ['libraries.id'], name=op.f('fk_library_access_library_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_library_access_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_access'))
    )
    op.create_index(op.f('ix_library_access_group_id'), 'library_access', ['group_id'], unique=False)
    op.create_index(op.f('ix_library_access_library_id'), 'library_access', ['library_id'], unique=False)
    op.create_index(op.f('ix_library_access_user_id'), 'library_access', ['user_id'], unique=False)
    op.create_index('uq_library_access_group', 'library_access', ['group_id', 'library_id'], unique=True, sqlite_where=sa.text('group_id IS NOT NULL'), postgresql_where=sa.text('group_id IS NOT NULL'))
    op.create_index('uq_library_access_user', 'library_access', ['user_id', 'library_id'], unique=True, sqlite_where=sa.text('user_id IS NOT NULL'), postgresql_where=sa.text('user_id IS NOT NULL'))
    op.create_table('library_paths',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('library_id', types.Key, nullable=False),
    sa.Column('path', types.SortText, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('last_seen_at', types.Instant(), nullable=True),
    sa.Column('missing_since', types.Instant(), nullable=True),
    sa.CheckConstraint("path <> ''", name=op.f('ck_library_paths_path')),
    sa.ForeignKeyConstraint(['library_id'], ['libraries.id'], name=op.f('fk_library_paths_library_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_paths')),
    sa.UniqueConstraint('path', name=op.f('uq_library_paths_path')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_library_paths_library_id'), 'library_paths', ['library_id'], unique=False)
    op.create_table('source_collections',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('source_id', types.Key, nullable=False),
    sa.Column('external_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('type', sa.String(), nullable=True),
    sa.Column('library_id', types.Key, nullable=True),
    sa.Column('is_enabled', sa.Boolean(), nullable=False),
    sa.Column('config', types.Json, nullable=False),
    sa.Column('last_synced_at', types.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['library_id'], ['libraries.id'], name=op.f('fk_source_collections_library_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_source_collections_source_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source_collections')),
    sa.UniqueConstraint('source_id', 'external_id', name=op.f('uq_source_collections_source_id_external_id'))
    )
    op.create_index(op.f('ix_source_collections_library_id'), 'source_collections', ['library_id'], unique=False)
    op.create_table('library_directories',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('library_path_id', types.Key, nullable=False),
    sa.Column('path', types.SortText, nullable=False),
    sa.Column('fingerprint', sa.String(), nullable=False),
    sa.Column('file_count', sa.Integer(), nullable=False),
    sa.Column('modified_at', types.Instant(), nullable=True),
    sa.Column('scanned_at', types.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['library_path_id'], ['library_paths.id'], name=op.f('fk_library_directories_library_path_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_directories')),
    sa.UniqueConstraint('library_path_id', 'path', name=op.f('uq_library_directories_library_path_id_path'))
    )
    op.create_table('path_mappings',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('source_id', types.Key, nullable=True),
    sa.Column('source_collection_id', types.Key, nullable=True),
    sa.Column('remote_path', sa.String(), nullable=False),
    sa.Column('local_path', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=True),
    sa.CheckConstraint('(CASE WHEN source_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN source_collection_id IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_path_mappings_one_owner')),
    sa.ForeignKeyConstraint(['source_collection_id'], ['source_collections.id'], name=op.f('fk_path_mappings_source_collection_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_path_mappings_source_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_path_mappings'))
    )
    op.create_index(op.f('ix_path_mappings_source_collection_id'), 'path_mappings', ['source_collection_id'], unique=False)
    op.create_index(op.f('ix_path_mappings_source_id'), 'path_mappings', ['source_id'], unique=False)
    op.create_index('uq_path_mappings_source', 'path_mappings', ['source_id', 'remote_path'], unique=True, sqlite_where=sa.text('source_id IS NOT NULL'), postgresql_where=sa.text('source_id IS NOT NULL'))
    op.create_index('uq_path_mappings_source_collection', 'path_mappings', ['source_collection_id', 'remote_path'], unique=True, sqlite_where=sa.text('source_collection_id IS NOT NULL'), postgresql_where=sa.text('source_collection_id IS NOT NULL'))


def downgrade() -> None:
    op.drop_table('path_mappings')
    op.drop_table('library_directories')
    op.drop_table('source_collections')
    op.drop_table('library_paths')
    op.drop_table('library_access')
    op.drop_table('studios')
    op.drop_table('people')
    op.drop_table('merge_log')
    op.drop_table('media_levels')
    op.drop_table('media_groups')
    op.drop_table('libraries')
    op.drop_table('field_values')
    op.drop_table('field_locks')
    op.drop_table('external_ids')
    op.drop_table('collections')
    op.drop_table('sources')
    op.drop_table('rating_systems')
    op.drop_table('media_types')
    op.drop_table('genres')
    op.drop_table('entities')
    op.drop_table('countries')
