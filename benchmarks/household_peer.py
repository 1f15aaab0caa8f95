"""A loopback TMDB for as many films as are asked for, with pictures that each have bytes of their own.

python -m benchmarks.household_peer PORT      # films /3/movie/1 …, pictures /t/p/original/…
"""

import io
import random
import re
import sys
from typing import Any, Final

import orjson
import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

KEY: Final = "0123456789abcdef0123456789abcdef"
GENRES: Final = ("Drama", "Comedy", "Thriller", "Animation", "Western", "Documentary", "Horror", "Romance")
PEOPLE: Final = 4_000
SIZES: Final = {"po": (500, 750), "bd": (1280, 720), "pr": (421, 632)}
"""Pixels of posters, backdrops and people's pictures: TMDB's smallest that our rules take."""
_VARIETY: Final = 24
"""Pictures of each type that differ to the eye; all differ by their bytes."""

counted = {"/3/": 0, "/t/p/": 0}


def film(number: int) -> dict[str, Any]:
    """A film as TMDB's details with every appended part."""
    at = random.Random(number)
    picture = {"aspect_ratio": 0.667, "vote_average": 5.4, "vote_count": 7}
    cast = [
        {"id": person, "name": f"Person {person:05d}", "character": f"Role {place}", "order": place, "gender": 1,
         "credit_id": f"{number}c{place}", "profile_path": f"/pr{person}.jpg"}
        for place, person in enumerate(at.sample(range(1, PEOPLE), 10))
    ]  # fmt: skip
    crew = [{"id": at.randrange(1, PEOPLE), "name": "", "job": "Director", "department": "Directing", "credit_id": f"{number}d"}]
    crew[0]["name"] = f"Person {crew[0]['id']:05d}"
    return {
        "adult": False, "id": number, "imdb_id": f"tt{9_000_000 + number}", "title": title(number),
        "original_title": title(number), "original_language": "en", "tagline": f"The {number}th.",
        "overview": f"What happens in film {number}. " * 8,
        "release_date": f"{year(number)}-05-17", "runtime": 80 + number % 60, "status": "Released", "budget": number * 1000,
        "revenue": number * 3000, "homepage": "", "popularity": number % 100 / 10, "vote_average": 5 + number % 50 / 10,
        "vote_count": 10 + number, "poster_path": f"/po{number}.jpg", "backdrop_path": f"/bd{number}.jpg",
        "genres": [{"id": place, "name": name} for place, name in enumerate(at.sample(GENRES, 3), 1)], "origin_country": ["US"],
        "production_companies": [
            {"id": 1 + number % 50, "name": f"Studio {number % 50}", "logo_path": None, "origin_country": "US"}],
        "production_countries": [{"iso_3166_1": "US", "name": "United States of America"}], "belongs_to_collection": None,
        "external_ids": {"imdb_id": f"tt{9_000_000 + number}", "wikidata_id": f"Q{number}"},
        "release_dates": {"results": [{"iso_3166_1": "US", "release_dates": [
            {"certification": "PG", "iso_639_1": "", "note": "", "type": 3,
             "release_date": f"{year(number)}-05-17T00:00:00.000Z"}]}]},
        "credits": {"cast": cast, "crew": crew},
        "images": {
            "posters": [{**picture, "file_path": f"/po{number}.jpg", "iso_639_1": "en", "width": 500, "height": 750}],
            "backdrops": [{**picture, "file_path": f"/bd{number}.jpg", "iso_639_1": None, "width": 1280, "height": 720}],
            "logos": []},
        "keywords": {"keywords": [{"id": each, "name": f"keyword {each}"} for each in at.sample(range(300), 4)]},
        "alternative_titles": {"titles": []}, "translations": {"translations": []},
        "recommendations": {"page": 1, "results": []}, "videos": {"results": []},
    }  # fmt: skip


def title(number: int) -> str:
    """As the folder, too, is called."""
    return f"Household Film {number:05d}"


def year(number: int) -> int:
    return 1950 + number % 75


def _picture(kind: str, variety: int) -> bytes:
    """A JPEG that looks like no other of its kind."""
    small = Image.frombytes("RGB", (8, 8), random.Random(f"{kind}{variety}").randbytes(192))
    written = io.BytesIO()
    small.resize(SIZES[kind], Image.Resampling.BICUBIC).save(written, "JPEG", quality=85)
    return written.getvalue()


_pictures = {(kind, variety): _picture(kind, variety) for kind in SIZES for variety in range(_VARIETY)}


async def details(request: Request) -> Response:
    counted["/3/"] += 1
    body = orjson.dumps(film(int(request.path_params["number"])))
    return Response(body, media_type="application/json", headers={"etag": f'W/"{request.path_params["number"]}"'})


async def configuration(request: Request) -> Response:
    counted["/3/"] += 1
    return Response(b'{"images": {}}', media_type="application/json")


async def picture(request: Request) -> Response:
    counted["/t/p/"] += 1
    found = re.fullmatch(r"(po|bd|pr)([0-9]+)\.jpg", request.path_params["name"])
    if found is None:
        return Response(status_code=404)
    whole = _pictures[found[1], int(found[2]) % _VARIETY]
    comment = f"{found[0]:<20}".encode()
    body = whole[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + whole[2:]  # a COM segment behind SOI
    return Response(body, media_type="image/jpeg")


async def counts(request: Request) -> Response:
    return Response(orjson.dumps(counted), media_type="application/json")


def application() -> Starlette:
    return Starlette(
        routes=[
            Route("/3/configuration", configuration),
            Route("/3/movie/{number:int}", details),
            Route("/t/p/{size}/{name}", picture),
            Route("/counts", counts),
        ]
    )


if __name__ == "__main__":
    uvicorn.run(application(), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
