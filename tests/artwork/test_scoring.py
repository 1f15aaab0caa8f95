"""Scores of pictures: five parts that add up, and nothing that is unknown counts against a picture."""

import random
from types import SimpleNamespace
from typing import Any

from domain.artwork.builtin import RULES
from domain.artwork.scoring import Score, score


def rule(name: str) -> Any:
    """A row of `asset_types` as the builtins make it."""
    (one,) = [each for each in RULES if each.name == name]
    width, height, tolerance = one.ratio or (None, None, None)
    return SimpleNamespace(name=name, ratio_width=width, ratio_height=height, ratio_tolerance_percent=tolerance)


POSTER = rule("poster")


def test_acceptance_12_unknown_size_is_neutral_breakdown_adds_up_score_at_most_100() -> None:
    """13.6, check 12: an image without dimensions is not below a poor one with; breakdown adds up; score at most 100."""
    unknown = score(POSTER, width=None, height=None, provider="fanarttv")
    poor = score(POSTER, width=300, height=300, provider="fanarttv")
    good = score(POSTER, width=2000, height=3000, provider="fanarttv")
    assert poor.total < unknown.total < good.total
    dice = random.Random(12)
    for _ in range(5000):
        found = score(
            rule(dice.choice(RULES[:13]).name),
            width=dice.choice([None, 0, dice.randint(1, 12_000)]),
            height=dice.choice([None, 0, dice.randint(1, 12_000)]),
            language=dice.choice([None, "en", "de", "xx"]),
            vote_average=dice.choice([None, 0.0, dice.uniform(0, 10), 11.0]),
            vote_count=dice.choice([None, 0, dice.randint(1, 100_000)]),
            provider=dice.choice(["tmdb", "fanarttv", "tvdb", "local", "upload", "elsewhere"]),
            preferred=dice.choice([(), ("de",), ("de", "en")]),
        )
        assert 0 <= found.total <= 100
        assert round(sum(found.as_json().values()), 2) == found.total
        assert all(part >= 0 for part in found.as_json().values())


def test_the_best_picture_has_100() -> None:
    best = score(POSTER, width=2000, height=3000, language="de", vote_average=10, vote_count=10**9, provider="tmdb",
                 preferred=("de",))  # fmt: skip
    assert best == Score(resolution=30.0, aspect=20.0, language=20.0, votes=20.0, provider=10.0)
    assert best.total == 100.0


def test_each_part_says_its_own() -> None:
    assert score(POSTER, width=1000, height=1500, provider="local").as_json() == {
        "resolution": 7.5, "aspect": 20.0, "language": 18.0, "votes": 10.0, "provider": 10.0,
    }  # fmt: skip
    assert score(POSTER, width=1100, height=1500, provider="tvdb").aspect == 10.0  # at its tolerance of 10 %
    assert score(rule("thumb"), width=100, height=900, provider="tvdb").aspect == 20.0  # of any shape
    languages = [score(POSTER, width=1, height=1, language=each, provider="tmdb", preferred=("de",)).language
                 for each in ("de", None, "en", "fr")]  # fmt: skip
    assert languages == [20.0, 18.0, 15.0, 5.0]
    assert score(rule("fanart"), width=1, height=1, provider="tmdb").language == 20.0  # best without text
    one, many = (score(POSTER, width=1, height=1, vote_average=10, vote_count=count, provider="tmdb").votes for count in (1, 990))
    assert (one, many) == (10.91, 19.9)
