"""Players, their groups, what plays on them, and how their paths map to ours.

Revision: 0028
After: 0024
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0028'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On PostgreSQL a lock that is not had within ten seconds fails the step, and nothing has happened."""
    op.create_table('player_groups',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('sort_key', types.SortText, nullable=False),
    sa.Column('type', sa.Enum('kodi', 'jellyfin', 'plex', name='player_type', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('description', sa.String(), nullable=True),
    sa.Column('is_enabled', sa.Boolean(), nullable=False),
    sa.Column('max_members', sa.Integer(), nullable=True),
    sa.Column('playback_policy', sa.Enum('defer', 'restore', 'ignore', name='playback_policy', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.CheckConstraint("(type = 'kodi') = (max_members IS NULL) AND coalesce(max_members, 1) = 1", name=op.f('ck_player_groups_max_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_player_groups')),
    sa.UniqueConstraint('id', 'type', name=op.f('uq_player_groups_id_type')),
    sa.UniqueConstraint('name', name=op.f('uq_player_groups_name')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_player_groups_sort_key', 'player_groups', ['sort_key', 'id'], unique=False)
    op.create_table('players',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('group_id', types.Key, nullable=False),
    sa.Column('group_type', sa.Enum('kodi', 'jellyfin', 'plex', name='player_type', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('sort_key', types.SortText, nullable=False),
    sa.Column('is_enabled', sa.Boolean(), nullable=False),
    sa.Column('host', sa.String(), nullable=False),
    sa.Column('port', sa.Integer(), nullable=False),
    sa.Column('base_path', sa.String(), nullable=False),
    sa.Column('websocket_port', sa.Integer(), nullable=True),
    sa.Column('use_websocket', sa.Boolean(), nullable=False),
    sa.Column('is_secure', sa.Boolean(), nullable=False),
    sa.Column('verifies_certificate', sa.Boolean(), nullable=False),
    sa.Column('username', sa.String(), nullable=True),
    sa.Column('password', sa.Text(), nullable=True),
    sa.Column('api_key', sa.Text(), nullable=True),
    sa.Column('config', types.Json, nullable=False),
    sa.Column('connection_status', sa.Enum('unknown', 'connected', 'disconnected', 'error', name='connection_status', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('is_notifying', sa.Boolean(), nullable=False),
    sa.Column('software_version', sa.String(), nullable=True),
    sa.Column('api_version', sa.String(), nullable=True),
    sa.Column('server_id', sa.String(), nullable=True),
    sa.Column('last_connected_at', types.Instant(), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.Column('last_synced_at', types.Instant(), nullable=True),
    sa.Column('watcher', sa.String(), nullable=True),
    sa.Column('watched_until', types.Instant(), nullable=True),
    sa.CheckConstraint('(watcher IS NULL) = (watched_until IS NULL)', name=op.f('ck_players_watched')),
    sa.CheckConstraint('port BETWEEN 1 AND 65535 AND coalesce(websocket_port, 1) BETWEEN 1 AND 65535', name=op.f('ck_players_ports')),
    sa.ForeignKeyConstraint(['group_id', 'group_type'], ['player_groups.id', 'player_groups.type'], name=op.f('fk_players_group_id_group_type'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_players')),
    sa.UniqueConstraint('host', 'port', 'base_path', name=op.f('uq_players_host_port_base_path')),
    sa.UniqueConstraint('name', name=op.f('uq_players_name')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_players_group', 'players', ['group_id', 'group_type', 'id'], unique=False)
    op.create_index('ix_players_sort_key', 'players', ['sort_key', 'id'], unique=False)
    op.create_index(op.f('ix_players_watched_until'), 'players', ['watched_until'], unique=False)
    op.create_index('uq_players_single', 'players', ['group_id'], unique=True, sqlite_where=sa.text("group_type <> 'kodi'"), postgresql_where=sa.text("group_type <> 'kodi'"))
    op.create_table('player_group_libraries',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('group_id', types.Key, nullable=False),
    sa.Column('library_id', types.Key, nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['player_groups.id'], name=op.f('fk_player_group_libraries_group_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['library_id'], ['libraries.id'], name=op.f('fk_player_group_libraries_library_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_player_group_libraries')),
    sa.UniqueConstraint('group_id', 'library_id', name=op.f('uq_player_group_libraries_group_id_library_id'))
    )
    op.create_index(op.f('ix_player_group_libraries_library_id'), 'player_group_libraries', ['library_id'], unique=False)
    op.create_table('player_users',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('player_id', types.Key, nullable=False),
    sa.Column('profile_id', sa.String(), nullable=False),
    sa.Column('profile_name', sa.String(), nullable=True),
    sa.Column('user_id', types.Key, nullable=True),
    sa.ForeignKeyConstraint(['player_id'], ['players.id'], name=op.f('fk_player_users_player_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_player_users_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_player_users')),
    sa.UniqueConstraint('player_id', 'profile_id', name=op.f('uq_player_users_player_id_profile_id')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_player_users_user_id'), 'player_users', ['user_id'], unique=False)
    op.create_table('playback_captures',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('player_id', types.Key, nullable=False),
    sa.Column('session', sa.String(), nullable=False),
    sa.Column('item_id', types.Key, nullable=True),
    sa.Column('file_id', types.Key, nullable=True),
    sa.Column('user_id', types.Key, nullable=True),
    sa.Column('path', sa.String(), nullable=False),
    sa.Column('media_key', sa.String(), nullable=True),
    sa.Column('position_ms', sa.BigInteger(), nullable=False),
    sa.Column('total_ms', sa.BigInteger(), nullable=True),
    sa.Column('is_paused', sa.Boolean(), nullable=False),
    sa.Column('speed', sa.Double(), nullable=False),
    sa.Column('reason', sa.Enum('upgrade', 'sync', 'request', name='capture_reason', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('status', sa.Enum('waiting', 'restored', 'expired', 'failed', 'kept', name='capture_status', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('job_id', types.Key, nullable=True),
    sa.Column('captured_at', types.Instant(), nullable=False),
    sa.Column('restored_at', types.Instant(), nullable=True),
    sa.Column('expires_at', types.Instant(), nullable=False),
    sa.CheckConstraint("(status = 'restored') = (restored_at IS NOT NULL)", name=op.f('ck_playback_captures_restored')),
    sa.CheckConstraint('position_ms >= 0 AND coalesce(total_ms, 0) >= 0', name=op.f('ck_playback_captures_not_negative')),
    sa.ForeignKeyConstraint(['file_id'], ['media_files.id'], name=op.f('fk_playback_captures_file_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_playback_captures_item_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_playback_captures_job_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['player_id'], ['players.id'], name=op.f('fk_playback_captures_player_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_playback_captures_user_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_playback_captures')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_playback_captures_expires', 'playback_captures', ['expires_at'], unique=False, sqlite_where=sa.text("status = 'waiting'"), postgresql_where=sa.text("status = 'waiting'"))
    op.create_index(op.f('ix_playback_captures_file_id'), 'playback_captures', ['file_id'], unique=False)
    op.create_index(op.f('ix_playback_captures_item_id'), 'playback_captures', ['item_id'], unique=False)
    op.create_index(op.f('ix_playback_captures_job_id'), 'playback_captures', ['job_id'], unique=False)
    op.create_index('ix_playback_captures_player', 'playback_captures', ['player_id', 'id'], unique=False)
    op.create_index(op.f('ix_playback_captures_user_id'), 'playback_captures', ['user_id'], unique=False)
    op.create_index('uq_playback_captures_waiting', 'playback_captures', ['player_id', 'session'], unique=True, sqlite_where=sa.text("status = 'waiting'"), postgresql_where=sa.text("status = 'waiting'"))
    op.create_table('player_states',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('player_id', types.Key, nullable=False),
    sa.Column('session', sa.String(), nullable=False),
    sa.Column('status', sa.Enum('playing', 'paused', 'buffering', 'stopped', name='playback_status', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('item_id', types.Key, nullable=True),
    sa.Column('file_id', types.Key, nullable=True),
    sa.Column('user_id', types.Key, nullable=True),
    sa.Column('profile_id', sa.String(), nullable=False),
    sa.Column('profile_name', sa.String(), nullable=True),
    sa.Column('device', sa.String(), nullable=True),
    sa.Column('kind', sa.Enum('movie', 'series', 'episode', 'track', 'music_video', 'channel', 'unknown', name='media_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(), nullable=True),
    sa.Column('path', sa.String(), nullable=True),
    sa.Column('media_key', sa.String(), nullable=True),
    sa.Column('position_ms', sa.BigInteger(), nullable=False),
    sa.Column('total_ms', sa.BigInteger(), nullable=True),
    sa.Column('speed', sa.Double(), nullable=False),
    sa.Column('streams', types.Json, nullable=False),
    sa.Column('started_at', types.Instant(), nullable=False),
    sa.Column('observed_at', types.Instant(), nullable=False),
    sa.Column('ended_at', types.Instant(), nullable=True),
    sa.Column('is_finished', sa.Boolean(), nullable=False),
    sa.CheckConstraint('position_ms >= 0 AND coalesce(total_ms, 0) >= 0', name=op.f('ck_player_states_not_negative')),
    sa.ForeignKeyConstraint(['file_id'], ['media_files.id'], name=op.f('fk_player_states_file_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_player_states_item_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['player_id'], ['players.id'], name=op.f('fk_player_states_player_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_player_states_user_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_player_states')),
    sa.UniqueConstraint('player_id', 'session', name=op.f('uq_player_states_player_id_session')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_player_states_file_id'), 'player_states', ['file_id'], unique=False)
    op.create_index(op.f('ix_player_states_item_id'), 'player_states', ['item_id'], unique=False)
    op.create_index('ix_player_states_live', 'player_states', ['player_id', 'id'], unique=False, sqlite_where=sa.text("status <> 'stopped'"), postgresql_where=sa.text("status <> 'stopped'"))
    op.create_index('ix_player_states_observed_at', 'player_states', ['observed_at', 'id'], unique=False)
    op.create_index(op.f('ix_player_states_user_id'), 'player_states', ['user_id'], unique=False)
    _path_mappings('player_group_id')


def downgrade() -> None:
    _path_mappings()
    op.drop_table('player_states')
    op.drop_table('playback_captures')
    op.drop_table('player_users')
    op.drop_table('player_group_libraries')
    op.drop_table('players')
    op.drop_table('player_groups')


def _path_mappings(*more: str) -> None:
    """Make the table anew (SQLite cannot change a CHECK), with these owners beside the two that it always had."""
    owners = ['source_id', 'source_collection_id', *more]
    columns = 'version, created_at, updated_at, id, source_id, source_collection_id, remote_path, local_path, description'
    reached = 'WHERE coalesce(source_id, source_collection_id) IS NOT NULL'
    op.execute(f'CREATE TABLE path_mappings_kept AS SELECT {columns} FROM path_mappings {reached}')  # noqa: S608 - words of ours
    op.drop_table('path_mappings')
    targets = {'source_id': 'sources', 'source_collection_id': 'source_collections', 'player_group_id': 'player_groups'}
    one = ' + '.join(f'(CASE WHEN {owner} IS NULL THEN 0 ELSE 1 END)' for owner in owners) + ' = 1'
    op.create_table('path_mappings',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    *(sa.Column(owner, types.Key, nullable=True) for owner in owners),
    sa.Column('remote_path', sa.String(), nullable=False),
    sa.Column('local_path', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=True),
    sa.CheckConstraint(one, name=op.f('ck_path_mappings_one_owner')),
    *(sa.ForeignKeyConstraint([owner], [f'{targets[owner]}.id'], name=op.f(f'fk_path_mappings_{owner}'), ondelete='CASCADE') for owner in owners),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_path_mappings'))
    )
    for owner in owners:
        is_it = sa.text(f'{owner} IS NOT NULL')
        op.create_index(op.f(f'ix_path_mappings_{owner}'), 'path_mappings', [owner], unique=False)
        op.create_index(f'uq_path_mappings_{owner.removesuffix("_id")}', 'path_mappings', [owner, 'remote_path'], unique=True, sqlite_where=is_it, postgresql_where=is_it)
    op.execute(f'INSERT INTO path_mappings ({columns}) SELECT {columns} FROM path_mappings_kept')  # noqa: S608 - words of ours
    op.drop_table('path_mappings_kept')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("SELECT setval(pg_get_serial_sequence('path_mappings', 'id'), max(id)) FROM path_mappings HAVING max(id) > 0")
