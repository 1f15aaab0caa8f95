"""A mapping tells its steps, and why none was taken."""

from domain.libraries.mapping import Direction, Rule, StepKind, explain


def test_each_step_is_told() -> None:
    rules = [Rule("/data", "/a"), Rule("D:\\films", "/b"), Rule("/data/films", "/c"), Rule("/data/series", "/d")]
    told = explain("/data//films/x.mkv", rules, Direction.TO_LOCAL)
    assert (told.result, told.rule, told.leads_back) == ("/c/x.mkv", rules[2], True)
    assert [(step.kind, step.rule, step.message, step.result) for step in told.steps] == [
        (StepKind.READ, None, "Read as a path on Unix, 3 parts long.", "/data/films/x.mkv"),
        (StepKind.APPLIED, rules[2], "/data/films becomes /c, and x.mkv follows.", "/c/x.mkv"),
        (StepKind.PASSED, rules[3], "films is not series.", "/data/films/x.mkv"),
        (StepKind.SHADOWED, rules[0], "It fits, but another rule comes first.", "/data/films/x.mkv"),
        (
            StepKind.PASSED, rules[1], "Another place: the rule is a path on the Windows drive D:, the path a path on Unix.",
            "/data/films/x.mkv",
        ),
    ]  # fmt: skip


def test_a_path_that_no_rule_fits_is_told_why() -> None:
    told = explain("smb://NAS/films", [Rule("smb://nas/films/4k", "/a"), Rule("smb://box/films", "/b")], Direction.TO_LOCAL)
    assert [(step.kind, step.message) for step in told.steps] == [
        (StepKind.READ, "Read as a share of nas, 1 part long."),
        (StepKind.PASSED, "The path ends before the rule does: 4k is missing."),
        (StepKind.PASSED, "Another place: the rule is a share of box, the path a share of nas."),
        (StepKind.UNMATCHED, "No rule fits: the path stays as it is."),
    ]
    assert (told.result, told.rule) == ("smb://NAS/films", None)


def test_a_mapping_that_does_not_lead_back_is_told() -> None:
    rules = [Rule("/data", "/films"), Rule("/data/new", "/incoming")]
    assert explain("/films/new/x.mkv", rules, Direction.TO_REMOTE).leads_back is False
    assert explain("/films/old/x.mkv", rules, Direction.TO_REMOTE).leads_back is True
