"""Path mappings in the database: what is refused, what is kept when they are set anew, and who has which."""

import pytest
import sqlalchemy as sa
from sqlmodel import select

from domain.kit.database import Database
from domain.kit.errors import Invalid, NotFound
from domain.libraries.enums import SourceKind
from domain.libraries.mapping import Rule
from domain.libraries.mappings import MOST, NewRule, Owner, OwnerKind, checked, put, put_of_source, rules_of, rules_of_source
from domain.libraries.tables import PathMapping, Source, SourceCollection
from domain.system.audit_tables import AuditEntry
from domain.system.tables import Event


def a_source(database: Database) -> int:
    with database.transaction() as uow:
        source = Source(kind=next(iter(SourceKind)), name="Radarr")
        uow.session.add(source)
        uow.session.flush()
        return source.id


@pytest.mark.both
def test_setting_them_keeps_those_that_stay_and_tells_once(database: Database) -> None:
    source = a_source(database)
    with database.transaction() as uow:
        rules = [NewRule("D:/films/", "/films//"), NewRule("\\\\nas\\tv\\", "/tv", "the NAS")]
        assert put_of_source(uow, source_id=source, rules=rules).version == 2
    with database.transaction() as uow:
        ids = {row.remote_path: (row.id, row.version) for row in uow.session.exec(select(PathMapping))}
        assert ids == {"D:/films": (1, 1), "\\\\nas\\tv": (2, 1)}
        put_of_source(uow, source_id=source, rules=[NewRule("\\\\nas\\tv", "/series"), NewRule("E:", "/more")])
    with database.transaction() as uow:
        put_of_source(uow, source_id=source, rules=[NewRule("E:\\", "/more"), NewRule("\\\\nas\\tv", "/series")])
    with database.read() as session:
        rows = session.exec(select(PathMapping).order_by(sa.text("id"))).all()
        assert [(row.remote_path, row.local_path, row.description) for row in rows] == [
            ("\\\\nas\\tv", "/series", None), ("E:\\", "/more", None),
        ]  # fmt: skip
        assert rows[0].id == 2
        assert rows[0].version == 2
        assert rules_of_source(session, source) == [Rule("\\\\nas\\tv", "/series"), Rule("E:\\", "/more")]
        assert [entry.details for entry in session.exec(select(AuditEntry))] == [{"fields": ["path_mappings"], "count": 2}] * 2
        told = [(event.type, event.subject, event.audience, event.changed_fields) for event in session.exec(select(Event))]
        assert told == [("source.updated", f"src_{source}", "admins", ["pathMappings"])] * 2


@pytest.mark.both
def test_a_section_has_its_own_rules_before_those_of_its_source(database: Database) -> None:
    source = a_source(database)
    with database.transaction() as uow:
        section = SourceCollection(source_id=source, external_id="1", name="Films")
        uow.session.add(section)
        uow.session.flush()
        put(uow, owner=Owner(OwnerKind.SOURCE, source), rules=[NewRule("/data", "/a")])
        put(uow, owner=Owner(OwnerKind.COLLECTION, section.id), rules=[NewRule("/data", "/b")])
    with database.read() as session:
        assert rules_of(session, Owner(OwnerKind.COLLECTION, section.id)) == [Rule("/data", "/b"), Rule("/data", "/a")]
        assert rules_of(session, Owner(OwnerKind.COLLECTION, 99)) == []
        assert rules_of_source(session, source) == [Rule("/data", "/a")]


def test_a_source_that_is_not_there(database: Database) -> None:
    with pytest.raises(NotFound), database.transaction() as uow:
        put_of_source(uow, source_id=7, rules=[])


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        ([NewRule("", "/films")], ("mappings", "0", "remotePath")),
        ([NewRule("films", "/films")], ("mappings", "0", "remotePath")),
        ([NewRule("/a", "/films"), NewRule("/b", "films")], ("mappings", "1", "localPath")),
        ([NewRule("/a", "D:\\films")], ("mappings", "0", "localPath")),
        ([NewRule("/a\n", "/films")], ("mappings", "0", "remotePath")),
        ([NewRule("/a", "/films\0")], ("mappings", "0", "localPath")),
        ([NewRule("/" + "a" * 1_000, "/films")], ("mappings", "0", "remotePath")),
        ([NewRule("/a", "/films", "x" * 1_001)], ("mappings", "0", "description")),
        ([NewRule("/a/b", "/x"), NewRule("/a//c/../b/", "/y")], ("mappings", "1", "remotePath")),
        ([NewRule("\\\\nas\\a", "/x"), NewRule("smb://u:p@nas/a", "/y")], ("mappings", "1", "remotePath")),
        ([NewRule(f"/{n}", "/x") for n in range(MOST + 1)], ("mappings",)),
    ],
)
def test_rules_that_are_refused(rules: list[NewRule], path: tuple[str, ...]) -> None:
    with pytest.raises(Invalid) as refused:
        checked(rules)
    assert refused.value.path == path


def test_two_names_that_differ_in_case_alone_may_both_be_mapped() -> None:
    assert len(checked([NewRule("/films", "/a"), NewRule("/Films", "/b"), NewRule("D:\\a", "/c"), NewRule("D:\\A", "/d")])) == 4
