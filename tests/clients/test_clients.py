"""Every client library at home with Marquee: the examples of docs/clients.md run against a server and print what they should."""

import sys

import pytest

from tests.clients.conftest import CLIENTS, run

pytestmark = pytest.mark.slow  # npm installs, and a household is drawn: two minutes

BUILT = ("apollo", "graphql-sse", "graphql-ws", "relay", "urql")


def expected(name: str) -> str:
    return (CLIENTS / "expected" / f"{name}.txt").read_text(encoding="utf-8")


def test_the_examples_fit_the_generated_types(generated: str) -> None:
    run(generated, "run", "--silent", "check")


def test_a_misspelt_field_would_not_compile(generated: str) -> None:
    wrong = CLIENTS / "src" / "generated" / "wrong.ts"
    wrong.write_text('import type { FilmsQuery } from "./operations";\nexport const f = (q: FilmsQuery) => q.movies?.totals;\n')
    try:
        with pytest.raises(AssertionError, match="Property 'totals' does not exist"):
            run(generated, "run", "--silent", "check")
    finally:
        wrong.unlink()


@pytest.mark.parametrize("name", BUILT)
def test_an_example_prints_what_it_should(name: str, built: None, registered: None, server: dict[str, str]) -> None:
    assert run("node", f"out/{name}.js", env=server) == expected(name)


def test_the_example_in_python_prints_what_it_should(server: dict[str, str]) -> None:
    assert run(sys.executable, "python_gql.py", env=server) == expected("python_gql")


def test_every_example_is_run() -> None:
    assert {path.stem for path in (CLIENTS / "src").glob("*.ts")} - {"common"} == set(BUILT)
    assert {path.stem for path in (CLIENTS / "expected").iterdir()} == {*BUILT, "python_gql"}
