from datetime import UTC, date, datetime, timedelta

import pytest

from assetlib.catalog.rules.rights import SOON_DAYS, Terms, may_use, rights_state

TODAY = date(2026, 5, 20)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("terms", "state", "verdict"),
    [
        (None, "unknown", "no"),
        (Terms(), "cleared", "yes"),
        (Terms(ends_on=TODAY - DAY), "ended", "no"),
        (Terms(ends_on=TODAY), "expiring", "yes"),
        (Terms(ends_on=TODAY + SOON_DAYS * DAY), "expiring", "yes"),
        (Terms(ends_on=TODAY + (SOON_DAYS + 1) * DAY), "cleared", "yes"),
        (Terms(starts_on=TODAY + DAY), "not_yet", "no"),
        (Terms(starts_on=TODAY), "cleared", "yes"),
        (Terms(ask_first=True), "ask", "ask"),
        (Terms(ask_first=True, ends_on=TODAY), "ask", "ask"),
        (Terms(ask_first=True, ends_on=TODAY - DAY), "ended", "no"),
        (Terms(ask_first=True, starts_on=TODAY + DAY), "not_yet", "no"),
    ],
)
def test_the_first_and_last_day_count_and_the_strictest_word_wins(
    terms: Terms | None, state: str, verdict: str
) -> None:
    assert rights_state(terms, TODAY) == state
    answer = may_use(terms, TODAY)
    assert answer.verdict == verdict
    assert bool(answer.reason) is (verdict != "yes")


@pytest.mark.parametrize(
    ("channel", "territory", "code"),
    [
        (None, None, ""),
        ("web", "DE", ""),
        ("print", "DE", "channel_not_covered"),
        ("web", "JP", "territory_not_covered"),
        ("print", None, "channel_not_covered"),
        (None, "JP", "territory_not_covered"),
    ],
)
def test_a_right_covers_its_channels_and_territories_only(
    channel: str | None, territory: str | None, code: str
) -> None:
    terms = Terms(channels=["web"], territories=["DE"])
    assert may_use(terms, TODAY, channel=channel, territory=territory).code == code
    assert may_use(Terms(), TODAY, channel=channel, territory=territory).is_yes


def test_days_are_written_as_the_page_around_writes_them() -> None:
    ended = may_use(Terms(ends_on=date(2026, 5, 4)), TODAY)
    assert ended.reason == "The rights ended on 4 May. Look for another one."
    begins = may_use(Terms(starts_on=date(2027, 1, 9)), TODAY)
    assert begins.reason == "The rights begin on 9 Jan 2027. Come back then."


@pytest.mark.parametrize(
    ("terms", "state"),
    [
        (Terms(), "embargoed"),
        (Terms(ask_first=True), "embargoed"),
        (Terms(starts_on=TODAY + DAY), "embargoed"),
        (Terms(ends_on=TODAY - DAY), "ended"),
        (None, "unknown"),
    ],
)
def test_nobody_uses_what_is_under_embargo(terms: Terms | None, state: str) -> None:
    opens = datetime(2026, 6, 1, 7, 30, tzinfo=UTC)
    assert rights_state(terms, TODAY, opens) == state
    answer = may_use(terms, TODAY, opens=opens)
    assert answer.verdict == "no"
    said = answer.reason == "Nobody may use this before 1 Jun, 07:30 UTC."
    assert said is (state == "embargoed")


def test_who_may_record_rights_is_not_sent_to_somebody_else() -> None:
    assert may_use(None, TODAY).reason.endswith("Ask a librarian to record them.")
    assert may_use(None, TODAY, records=True).reason.endswith("asset. Record them.")
