"""Scanning films: names, folders, NFO files, copies, cuts, parts and what lies beside them."""

import pytest

from tests.libraries.scan.conftest import Disk

pytestmark = pytest.mark.both


def test_a_film_in_its_folder_becomes_an_item_with_its_file(films: Disk) -> None:
    films.put("Paper Lanterns (2019)/Paper Lanterns (2019).mkv")
    summary = films.scan()
    assert films.rows("SELECT title, year, kind, availability, edition FROM media_items") == [
        ("Paper Lanterns", 2019, "movie", "present", "")
    ]
    assert films.rows("SELECT role, copy_number, part_number, is_default FROM item_files") == [("main", 1, 1, True)]
    assert summary["items_added"] == 1
