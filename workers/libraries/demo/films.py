"""All the films of the demo library."""

from workers.libraries.demo.kept_films import KEPT_FILMS
from workers.libraries.demo.loose_films import LOOSE_FILMS

FILMS = KEPT_FILMS + LOOSE_FILMS
