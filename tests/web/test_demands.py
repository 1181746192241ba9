"""What servers say of time."""

from datetime import UTC, datetime, timedelta

import pytest

from extractors.web.hosts import fresh_until, http_date, retry_after
from extractors.web.settings import Timing

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Mon, 02 Mar 2026 06:05:00 GMT", 300),
        ("Monday, 02-Mar-26 06:05:00 GMT", 300),
        ("Mon, 02 Mar 2026 05:00:00 GMT", 0),
        ("99999999999999", 30 * 86400),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 30 * 86400),
    ],
)
def test_retry_after(value: str, seconds: int) -> None:
    assert retry_after(value, NOW) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("value", [None, "", "soon", "-5", "1.5", "٣", "Mon, 99 Foo 2026"])
def test_retry_after_that_says_nothing(value: str | None) -> None:
    assert retry_after(value, NOW) is None


@pytest.mark.parametrize(
    ("cache_control", "age", "expires", "seconds"),
    [
        ("max-age=600", None, None, 600),
        ("public, Max-Age=600", "100", None, 500),
        ("max-age=600", "900", None, 0),
        ('max-age="60"', None, None, 60),
        ("max-age=31536000", None, None, 30 * 86400),
        (None, None, "Mon, 02 Mar 2026 06:10:00 GMT", 600),
        ("max-age=60", None, "Mon, 02 Mar 2026 06:10:00 GMT", 60),
    ],
)
def test_freshness(cache_control: str | None, age: str | None, expires: str | None, seconds: int) -> None:
    assert fresh_until(cache_control, age, expires, NOW) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("cache_control", "expires"),
    [
        (None, None),
        ("no-cache, max-age=600", None),
        ("no-store", "Mon, 02 Mar 2026 06:10:00 GMT"),
        ("max-age=abc", None),
        (None, "0"),
        (None, "Mon, 02 Mar 2026 05:10:00 GMT"),
    ],
)
def test_no_freshness(cache_control: str | None, expires: str | None) -> None:
    assert fresh_until(cache_control, None, expires, NOW) is None


def test_times_are_aware() -> None:
    assert http_date("Mon, 02 Mar 2026 06:00:00 -0000") == NOW
    assert http_date("Mon, 02 Mar 2026 07:00:00 +0100") == NOW
    assert Timing.real().now().tzinfo is not None
