"""What was fetched, kept where several machines share it: a folder, and a bucket of a real S3 server on loopback."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from warehouse.errors import DamagedObjectError, WarehouseError
from warehouse.raw_store import Bucket, Material, RawStore, journal_of, journals_beside, store_of
from warehouse.workspace import Workspace, clear_leftovers

NOW = datetime(2026, 3, 2, 6, 10, tzinfo=UTC)
RECORD = Material(
    "https://example.org/a", "https://example.org/a", (), "think", "ab" * 32, "a", "text/html", NOW, trusted=True
)


@pytest.fixture
def bucket(s3: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "us")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "eu-west-2")
    return f"s3://commentary/{uuid4().hex}"


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "shared") if request.param == "folder" else str(request.getfixturevalue("bucket"))


def homes(place: str, tmp_path: Path) -> tuple[Workspace, Workspace]:
    """Two machines' homes."""
    made = Workspace(tmp_path / "one", raw_store=place), Workspace(tmp_path / "two", raw_store=place)
    for one in made:
        one.prepare()
    return made


def test_what_one_machine_fetched_the_other_reads(place: str, tmp_path: Path) -> None:
    one, two = homes(place, tmp_path)
    page = b"<p>\x00\xff pages as they came" * 1000
    name = store_of(one).put(page)
    assert store_of(one).put(page) == name
    theirs = store_of(two)
    assert theirs.get(name) == page and name in theirs and list(theirs) == [name]
    assert "cd" * 32 not in theirs
    with pytest.raises(KeyError):
        theirs.get("cd" * 32)


def test_each_has_a_journal_of_its_own_beside_the_others(place: str, tmp_path: Path) -> None:
    one, two = homes(place, tmp_path)
    journal, other = journal_of(one), journal_of(two)
    journal.append([RECORD])
    mark = journal.mark()
    journal.append_rows({"fetches": [{"fetch_id": "1", "at": NOW}]})
    other.append([replace(RECORD, url="https://example.org/b")])
    journal.append([replace(RECORD, url="https://example.org/c"), RECORD])

    beside = journals_beside(two)
    assert beside.keys() == {one.identity(), two.identity()}
    read = beside[one.identity()]
    assert [record.url[-1] for record in read] == ["a", "c", "a"]
    assert list(read.rows(read.after(mark))) == [{"fetches": [{"fetch_id": "1", "at": NOW}]}]
    assert [record.url[-1] for record in read.materials(read.after(mark))] == ["c", "a"]
    assert [record.url[-1] for record in beside[two.identity()]] == ["b"]
    assert list(read.rows(read.after(read.mark()))) == []
    assert read.after("0:") == 0


def test_a_damaged_object_of_a_bucket_is_told_with_its_place(bucket: str, tmp_path: Path) -> None:
    one, _ = homes(bucket, tmp_path)
    name = store_of(one).put(b"whole")
    Bucket(bucket).write(f"{name[:2]}/{name}.zst", b"torn")
    with pytest.raises(DamagedObjectError, match=f"{bucket}/{name[:2]}"):
        store_of(one).get(name)


def test_a_bucket_that_cannot_be_used_is_told_without_its_credentials(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = homes("s3://nobody-has-it/raw", tmp_path)
    with pytest.raises(WarehouseError, match=r"s3://nobody-has-it/raw/: cannot be used") as told:
        store_of(one).put(b"page")
    assert "secret" not in str(told.value)


def test_what_another_machine_is_writing_is_no_leftover(tmp_path: Path) -> None:
    one, _ = homes(str(tmp_path / "shared"), tmp_path)
    under_way = one.raw / "ab" / ".abcd.zst.0a0b.tmp"
    under_way.parent.mkdir()
    under_way.write_bytes(b"half")
    clear_leftovers(one)
    assert under_way.exists()
    assert list(RawStore(one.raw)) == []
