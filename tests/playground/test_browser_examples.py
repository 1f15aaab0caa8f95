"""Every operation of every example, chosen and run in a real Chromium in the demo household.

A person fills in what the comments tell: a folder of their own, ids that stand in the answers before.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, OperationType, parse

from api.playground.examples import Example, examples
from tests.playground.desk import Desk
from tests.playground.household import Household
from tests.playground.steps import ANSWER, until

pytestmark = pytest.mark.slow

Answers = dict[str, Any]


def _candidate(answers: Answers) -> Any:
    return answers["Artwork"]["imageCandidates"]["nodes"][0]["id"]


FILLED: dict[str, Callable[[Answers], dict[str, Any]]] = {
    "ScanLibrary": lambda answers: {"library": answers["CreateLibrary"]["library"]["id"]},
    "FollowScan": lambda answers: {"job": answers["ScanLibrary"]["job"]["id"]},
    "OfGenre": lambda answers: {"genres": [answers["Genres"]["nodes"][0]["id"]]},
    "RenameMany": lambda answers: {"dryRun": False},
    "UndoChange": lambda answers: {"change": answers["Changes"]["nodes"][0]["id"]},
    "DeleteItem": lambda answers: {"dryRun": False},
    "RestoreItem": lambda answers: {"deleted": answers["DeleteItem"]["deletedId"]},
    "ResolveReview": lambda answers: {"question": answers["ReviewQueue"]["nodes"][0]["id"]},
    "ChooseArtwork": lambda answers: {"candidates": [_candidate(answers)]},
    "PinArtwork": lambda answers: {"candidate": _candidate(answers)},
    "BlockArtwork": lambda answers: {"candidate": _candidate(answers)},
    "RemoveArtwork": lambda answers: {"candidate": _candidate(answers)},
    "CancelJob": lambda answers: {"job": answers["Jobs"]["nodes"][-1]["id"]},
    "ChangeLimit": lambda answers: {"user": answers["CreateMember"]["user"]["id"]},
    "RestoreRecycled": lambda answers: {"file": "bin_999999"},
    "SetEpisodeOrder": lambda answers: {"item": answers["Films"]["nodes"][0]["id"]},
    "RefreshEpisodeOrders": lambda answers: {"item": answers["Films"]["nodes"][0]["id"]},
    "CleanPlayers": lambda answers: {"group": "plg_999999"},
    "NotifyPlayers": lambda answers: {"group": "plg_999999"},
    "PlayMedia": lambda answers: {"player": "plr_999999", "item": answers["Films"]["nodes"][0]["id"]},
    "PausePlayback": lambda answers: {"playback": "pls_999999"},
    "ResumePlayback": lambda answers: {"playback": "pls_999999"},
    "SeekPlayback": lambda answers: {"playback": "pls_999999"},
    "StopPlayback": lambda answers: {"playback": "pls_999999"},
    "CapturePlayback": lambda answers: {"playback": "pls_999999"},
    "RestorePlayback": lambda answers: {"capture": "plc_999999"},
    "RevokeToken": lambda answers: {"token": answers["CreateToken"]["apiToken"]["id"]},
    "DeleteUpload": lambda answers: {"id": answers["CreateUpload"]["upload"]["id"]},
}
REFUSED = {
    "AddArtwork": "There is no such upload of yours, or its time is over.",
    "RemoveArtwork": "Only pictures that people brought can be removed; block this one.",
    "RestoreRecycled": "There is no such file in the recycle bin.",
    "RepairFiles": "There is no problem prb_1 any more.",
    "RejectReview": "It is decided already: reopen it first.",
    "CancelJob": "The job has ended already: completed.",
    "RotatePlayerWebhookToken": "There is no such player.",
    "RevokePlayerWebhookToken": "There is no such player.",
    "GiveKey": "A key of TMDB has 32 hex digits; its read access token begins with eyJ.",
    "TestPlayer": "127.0.0.1 cannot be reached.",
    "TestProvider": "tmdb needs a key. Give it with `updateProvider`.",
    "EnrichmentPreview": "No provider can be asked: an administrator gives keys with `updateProvider`.",
    "Enrich": "No provider can be asked: an administrator gives keys with `updateProvider`.",
    "IdentifyItems": "No provider can be asked: an administrator gives keys with `updateProvider`.",
    "IdentifyItem": "No provider can be asked: an administrator gives keys with `updateProvider`.",
    "SetEpisodeOrder": "Series have orders of episodes: name the series.",
    "RefreshEpisodeOrders": "Series have orders of episodes: name the series.",
    "CleanPlayers": "There is no such group.",
    "NotifyPlayers": "There is no such group.",
    "PlayMedia": "There is no such player. `players` lists them.",
    "PausePlayback": "There is no such playback. `playbacks` lists them.",
    "ResumePlayback": "There is no such playback. `playbacks` lists them.",
    "SeekPlayback": "There is no such playback. `playbacks` lists them.",
    "StopPlayback": "There is no such playback. `playbacks` lists them.",
    "CapturePlayback": "There is no such playback. `playbacks` lists them.",
    "RestorePlayback": "There is no such capture. `playbackCaptures` lists them.",
    "RetryJob": "Only a failed or cancelled job can be tried again.",
    "TestDownloader": "Radarr was given no address or no key: `updateSource`.",
    "SetUpDownloaderWebhook": "Radarr was given no address or no key: `updateSource`.",
    "ReplayWebhook": "There is no such webhook. `inboundEvents` lists them; they are kept for 30 days.",
}
"""What the state of the household forbids by then; each says so."""
ENDLESS = {"FollowPlayback", "FollowScans", "FollowProviders", "FollowPlayers", "FollowWebhooks", "Events", "ItemChanges"}


def operations(example: Example) -> Iterator[OperationDefinitionNode]:
    return (each for each in parse(example.document).definitions if isinstance(each, OperationDefinitionNode))


async def test_every_operation_runs_in_the_demo_household(desk: Desk, demo: Household, tmp_path: Path) -> None:
    shutil.copytree(demo.library / "Films" / "Orchard Static (2023)", tmp_path / "more" / "Orchard Static (2023)")
    filled = FILLED | {"CreateLibrary": lambda answers: {"path": str(tmp_path / "more")}}
    answers: Answers = {}
    for example in examples():
        await desk.example(example.title)
        for operation in operations(example):
            assert operation.name is not None
            name = operation.name.value
            if name in filled:
                await desk.fill_in(**filled[name](answers))
            if name in ENDLESS:
                await desk.start(name)
                await until(desk.page, f"{ANSWER}?.includes('Subscribed')")
                await desk.stop()
                answers[name] = None
            elif name in REFUSED:
                answers[name] = await desk.problem(name)
                assert answers[name] == REFUSED[name]
            else:
                answers[name] = await desk.data(name)
    assert list(answers) == [each.name.value for example in examples() for each in operations(example) if each.name]
    seen = {
        "the first page of films": [film["title"] for film in answers["Films"]["nodes"]][:2],
        "the film without a poster": [film["title"] for film in answers["NinetiesWithoutPoster"]["nodes"]],
        "found though misspelt": answers["Search"]["nodes"][0]["node"]["title"],
        "what else she did": {credit["item"]["title"] for credit in answers["WhatElse"]["nodes"][0]["credits"]["nodes"]},
        "episodes from the end": len(answers["LastEpisodes"]["nodes"][0]["episodes"]["nodes"]),
        "the scan's last state": answers["FollowScan"]["node"]["status"],
        "undone": answers["UndoChange"]["counts"],
    }
    assert seen == {
        "the first page of films": ["Orchard Static", "Orchard Static"],
        "the film without a poster": ["The Tinsmiths Atlas"],
        "found though misspelt": "The Lanternkeeper",
        "what else she did": {"The Lanternkeeper", "The Ferry Detectives"},
        "episodes from the end": 3,
        "the scan's last state": "COMPLETED",
        "undone": {"changed": 1, "rejected": 0},
    }


def test_subscriptions_are_what_is_followed_until_stopped() -> None:
    kinds = {each.name.value: each.operation for example in examples() for each in operations(example) if each.name}
    followed = {name for name, kind in kinds.items() if kind is OperationType.SUBSCRIPTION}
    assert followed == ENDLESS | {"FollowScan", "FollowChain"}
    assert len(kinds) == sum(len(list(operations(example))) for example in examples()), "two operations share a name"
