"""What providers are asked and what they say, in terms of the catalog: every provider's answers come in these shapes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from domain.catalog.enums import Department, EntityKind, EpisodeOrdering, ProductionStatus, ReleaseType, StudioRole
from domain.providers.pacing import Pace


@dataclass(frozen=True, slots=True)
class Request:
    """One GET below the provider's address; a key never stands in `params`.

    `kept` is how long its answer is fresh; for no time at all means that it is neither looked for in the cache nor put there.
    """

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    kept: timedelta = timedelta(days=7)
    media_type: str | None = None
    """Name of the media type it counts for in the statistics."""


@dataclass(frozen=True, slots=True)
class Login:
    """The POST that changes a key for a token; `at` is where the token stands in its answer."""

    path: str
    body: Mapping[str, str] = field(repr=False)
    at: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A thing that a provider knows more about now. `paths` are what requests for it begin with."""

    kind: EntityKind
    external_id: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What changed up to a moment, page by page: to be read to its end before the moment counts."""

    until: datetime
    pages: Iterator[Sequence[Changed]]


Ask = Callable[[Request], Any]
"""The JSON document, from the cache where it is fresh; None where the provider has nothing. Raises Upstream."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """In which language and for which region; from the provider's settings, or a person's for this once."""

    language: str = "en"
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Id:
    """What a catalogue calls a thing, in its spaces (`external_ids`)."""

    provider: str
    namespace: str
    value: str


@dataclass(frozen=True, slots=True)
class Query:
    """A film or series that is looked for: by an id of any catalogue, else by title and year."""

    kind: EntityKind
    title: str = ""
    year: int | None = None
    id: Id | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that could be meant. Scores are 0 to 10; `release_date` is 1 January where only the year is known."""

    provider: str
    kind: EntityKind
    external_id: str
    title: str
    original_title: str | None = None
    original_language: str | None = None
    release_date: date | None = None
    plot: str | None = None
    poster_url: str | None = None
    score: Decimal | None = None
    votes: int | None = None
    popularity: float | None = None
    season_number: int | None = None
    episode_number: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture on offer. `language` is ISO 639-1; None = no text in it."""

    asset_type: str
    url: str
    provider_image_id: str
    width: int | None = None
    height: int | None = None
    language: str | None = None
    score: Decimal | None = None
    votes: int | None = None
    season_number: int | None = None
    """Where a series' answer holds pictures of its seasons."""


@dataclass(frozen=True, slots=True)
class Participation:
    """A person's part in a work. `position` counts from 0 within the department."""

    person_id: str
    name: str
    department: Department
    job: str = ""
    role: str = ""
    position: int = 0
    episode_count: int | None = None
    picture_url: str | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """A studio or network."""

    external_id: str
    name: str
    role: StudioRole
    country: str | None = None
    logo_url: str | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """Of a country, as it writes it."""

    country: str
    code: str


@dataclass(frozen=True, slots=True)
class Release:
    """How and when it came out in a country."""

    country: str
    type: ReleaseType
    date: date
    note: str | None = None


@dataclass(frozen=True, slots=True)
class OtherTitle:
    """A title in another country."""

    title: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Translation:
    """The texts in a language."""

    language: str
    region: str | None
    title: str | None = None
    tagline: str | None = None
    plot: str | None = None


@dataclass(frozen=True, slots=True)
class OrderOnOffer:
    """Another order of a series' episodes."""

    ordering: EpisodeOrdering
    external_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Everything that a provider says of one thing. What it does not say is None or empty; of a person, `title` is the name
    and `plot` the biography."""

    provider: str
    kind: EntityKind
    external_id: str
    language: str
    title: str | None = None
    original_title: str | None = None
    original_language: str | None = None
    tagline: str | None = None
    plot: str | None = None
    release_date: date | None = None
    end_date: date | None = None
    runtime_ms: int | None = None
    production_status: ProductionStatus | None = None
    homepage: str | None = None
    popularity: float | None = None
    budget: int | None = None
    revenue: int | None = None
    score: Decimal | None = None
    votes: int | None = None
    season_number: int | None = None
    episode_number: int | None = None
    aired: tuple[int, int] | None = None
    """Season and number as first broadcast, of an episode that is numbered in another order."""
    display_season: int | None = None
    display_episode: int | None = None
    """Where a special is shown among a season's episodes: before this one, None = after the last."""
    episode_count: int | None = None
    """Of a season."""
    birth_date: date | None = None
    death_date: date | None = None
    birthplace: str | None = None
    collection: Candidate | None = None
    ids: Sequence[Id] = ()
    genres: Sequence[str] = ()
    keywords: Sequence[str] = ()
    countries: Sequence[str] = ()
    studios: Sequence[Organisation] = ()
    certificates: Sequence[Certificate] = ()
    releases: Sequence[Release] = ()
    participations: Sequence[Participation] = ()
    pictures: Sequence[Picture] = ()
    other_titles: Sequence[OtherTitle] = ()
    translations: Sequence[Translation] = ()
    related: Sequence[Candidate] = ()
    """Recommendations; of a collection, its films."""
    parts: Sequence["Details"] = ()
    """Of a series its seasons, of a season its episodes, as far as they stand in its own answer."""
    orders: Sequence[OrderOnOffer] = ()


class Provider(Protocol):
    """One server; an implementation is one file, holds no state and speaks through `ask` alone."""

    @property
    def name(self) -> str:
        """As ids and settings name it."""

    @property
    def base_url(self) -> str:
        """Without a slash at the end."""

    @property
    def hosts(self) -> frozenset[str]:
        """Servers that may be asked, redirects included."""

    @property
    def pace(self) -> Pace:
        """What is known to be polite."""

    @property
    def remembers(self) -> timedelta | None:
        """How far back its feed of changes is read; None where it has none."""

    def check_key(self, key: str) -> None:
        """Raises Invalid for what cannot be a key."""

    def login(self, key: str) -> Login | None:
        """How the key is changed for a token that later requests carry in its place; None where the key itself goes along."""

    def authorized(self, credential: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """(parameters, headers) that carry the key, or the token where there is a login."""

    def test(self, ask: Ask) -> None:
        """One cheap request that needs the key. Raises Upstream."""

    def search(self, ask: Ask, query: Query, wishes: Wishes) -> Sequence[Candidate]:
        """What could be meant, in the provider's order. Raises Upstream."""

    def details(self, ask: Ask, kind: EntityKind, external_id: str, wishes: Wishes) -> Details | None:
        """All about one thing, by the id that the provider goes by; None where it does not have it. Raises Upstream."""

    def episodes(self, ask: Ask, order: OrderOnOffer, series_id: str, wishes: Wishes) -> Sequence[Details]:
        """All episodes of a series with their numbers in an order that its details offered, and as aired. Raises Upstream."""

    def changes(self, ask: Ask, since: datetime, now: datetime) -> Iterator[Stretch]:
        """What changed since a moment that it remembers, the oldest stretch first. Raises Upstream."""
