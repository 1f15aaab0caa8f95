"""Every setting, typed, read once from the environment. Nobody else reads it."""

from functools import cached_property
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What the environment says. Names: `DATABASE_URL`, `REDIS_URL`, and `MARQUEE_<NAME>` for the rest."""

    model_config = SettingsConfigDict(env_prefix="MARQUEE_", frozen=True, extra="ignore")

    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    redis_url: str = Field(default="", validation_alias="REDIS_URL")
    data_dir: Path = Path("data")
    url: str = ""
    """Public address, e.g. https://media.example: sets origin, allowed host and the Secure flag of cookies."""
    origins: str = ""
    """Comma-separated origins of SPAs on other ports (bearer tokens only)."""
    bind: str = "0.0.0.0"  # noqa: S104 - a household server is reached from other machines; authentication is always on
    port: int = Field(default=8686, ge=0, le=65535)
    log_format: str = Field(default="auto", pattern="^(auto|json|console)$")
    log_level: str = "INFO"
    key: SecretStr | None = None
    """Pepper of token hashes; a key file beside the data folder is made when it is not given."""

    job_threads: int = Field(default=4, ge=1, le=64)
    job_poll_s: float = Field(default=2.0, gt=0)
    lease_s: float = Field(default=30.0, gt=0)
    heartbeat_s: float = Field(default=10.0, gt=0)
    sweep_s: float = Field(default=5.0, gt=0)
    max_deaths: int = Field(default=3, ge=1)

    probe_processes: int = Field(default=2, ge=1, le=32)
    probe_timeout_s: float = Field(default=20.0, gt=0)
    probe_memory_bytes: int = Field(default=1_000_000_000, gt=0)

    body_limit_bytes: int = Field(default=1_048_576, gt=0)
    document_limit: int = Field(default=65_536, gt=0)
    token_limit: int = Field(default=2000, gt=0)
    depth_limit: int = Field(default=12, gt=0)
    alias_limit: int = Field(default=60, gt=0)
    root_field_limit: int = Field(default=20, gt=0)
    mutation_limit: int = Field(default=5, gt=0)
    cost_limit: int = Field(default=20_000, gt=0)
    query_deadline_s: float = Field(default=15.0, gt=0)
    mutation_deadline_s: float = Field(default=30.0, gt=0)
    body_deadline_s: float = Field(default=10.0, gt=0)
    in_flight_limit: int = Field(default=32, ge=1)
    in_flight_limit_per_user: int = Field(default=8, ge=1)
    queue_limit: int = Field(default=64, ge=0)
    queue_wait_s: float = Field(default=5.0, gt=0)

    upload_quota_bytes: int = Field(default=524_288_000, gt=0)
    publish_quiet_s: float = Field(default=30.0, ge=0)
    movie_set_folder: Path | None = None
    """Kodi's movie set information folder, absolute: pictures of film sets are published there; none = nowhere."""
    recycle_bin_limit_bytes: int = Field(default=10_000_000_000, gt=0)
    documents: str = Field(default="open", pattern="^(open|registered)$")
    """`registered`: only documents that an administrator registered are answered, and the playground is closed."""
    event_poll_s: float = Field(default=1.0, gt=0)
    event_retention_days: int = Field(default=7, ge=1)
    shutdown_s: float = Field(default=20.0, gt=0)

    @cached_property
    def database(self) -> str:
        """The database's URL: PostgreSQL if given, else SQLite in the data folder."""
        if not self.database_url:
            return f"sqlite:///{(self.data_dir / 'marquee.db').resolve()}"
        return self.database_url

    @property
    def is_embedded(self) -> bool:
        """True while no Redis is given: the broker and the wake-ups live in this process."""
        return not self.redis_url

    @cached_property
    def allowed_origins(self) -> frozenset[str]:
        """Origins that may send bearer-token requests from a browser."""
        return frozenset(origin.strip().rstrip("/") for origin in self.origins.split(",") if origin.strip())
