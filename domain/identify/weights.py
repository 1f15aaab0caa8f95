"""The numbers of identification, all of them: what each reason counts, and from where on nobody is asked.

    confidence = title + year + (runtime of a film | structure of a series) + namesakes, kept between 0 and 1

A film with its exact title, year and length has 1.0. The weights are ours; `tests/identify/test_corpus.py` holds them to
no wrong acceptance.
"""

from typing import Final

ACCEPTED: Final = 0.8
"""The least confidence that is believed without asking."""
MARGIN: Final = 0.1
"""So far ahead of the next candidate must the best one be."""

TITLE: Final = 0.55
"""Times how alike the titles are, counted from `UNLIKE` (0) to equal (1)."""
UNLIKE: Final = 0.5
SAME_BUT_ARTICLE: Final = 0.98
"""`The Thing` and `Thing`."""
SUBTITLE_LEFT_OUT: Final = 0.85
"""`Birdman` and `Birdman: Or …`."""
OTHER_NUMBER: Final = 0.5
"""The most that titles with different numbers are alike: sequels."""
OTHER_WORD: Final = 0.8
"""The most that titles with another word are alike, and short ones with another letter: `Dawn of the Dead`, `Day of the Dead`."""
SHORT_TITLE: Final = 8
"""Letters that make a title more than short."""
MISSPELLED: Final = 0.75
"""Words so much alike are one, with a typing error."""
OTHER_TITLE: Final = 0.97
"""A title of another country counts a little less than the one that the provider shows first."""

SAME_YEAR: Final = 0.25
NEXT_YEAR: Final = 0.18
"""One year apart, or the year in another country: festivals and cinemas differ."""
NEXT_YEAR_OF_SERIES: Final = 0.08
"""Series begin on one day everywhere: a pilot film of the year before is another thing."""
NO_YEAR: Final = 0.10
"""One of the two has none."""
YEAR_OF_RUN: Final = 0.05
"""A later year of a series that was still running."""
OTHER_YEAR: Final = -0.30

SAME_LENGTH: Final = 0.20
NEAR_LENGTH: Final = 0.0
OTHER_LENGTH: Final = -0.25
NO_LENGTH: Final = 0.08
SAME_LENGTH_MS: Final = 180_000
SAME_LENGTH_SHARE: Final = 0.05
"""Within three minutes or a twentieth: PAL runs 4 % faster."""
NEAR_LENGTH_SHARE: Final = 0.10

SAME_STRUCTURE: Final = 0.20
"""Every season ends with the provider's last episode."""
FITTING_STRUCTURE: Final = 0.16
NO_STRUCTURE: Final = 0.08
OTHER_STRUCTURE: Final = -0.25
MORE_EPISODES: Final = 2
"""So many episodes more than the provider has may be in a season: split pilots, one that it does not have yet."""

NAMESAKE: Final = -0.05
"""For each other candidate with as good a title, where no year tells them apart."""
MOST_NAMESAKES: Final = 4

FAR_TITLE: Final = 0.6
"""Titles less alike than this may be those of two works: an id is not believed then if its year or length is another, too."""
