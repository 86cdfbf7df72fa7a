"""Sentences say what the explanation holds and no other figure, in every case a change can be."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from engine.diagnose.explain import explain
from engine.diagnose.explanation import Change, Explanation, LargeOrder, Named, RuledOut, Usual
from engine.diagnose.sentences import comparison_words, sentences, told
from engine.metrics import METRICS
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot
from engine.store import Store
from tests.engine.diagnose.figures import unknown_figures

NOVEMBER = Selection.of(date(2025, 10, 27), date(2025, 11, 23))
BEFORE = Window(date(2025, 9, 29), date(2025, 10, 27))
FALL = Explanation(
    "revenue", NOVEMBER, BEFORE, "EUR", 128_600.0, 146_804.0,
    Change(-18_204.0, -18_204 / 146_804, -24_000.0, -12_000.0, 1e-6, "signal"),
    usual=Usual(-8_808.24, -0.06, -12_000.0, -5_000.0, -9_395.76),
)  # fmt: skip
CAUSE = Named(
    where=(("region", "West"), ("channel", "Social")), label="West × Social", comparison=8_000.0, value=850.0,
    contribution=-7_150.0, expected=7_520.0, beyond=-6_670.0, deviation=-6_900.0, share=6_670 / 9_395.76, score=0.7,
    since=date(2025, 11, 3), orders=10, orders_before=100, by_orders=-7_100.0, by_size=-50.0, way="orders",
)  # fmt: skip
CAUSED = replace(FALL, causes=(CAUSE,))
PROBLEM = SimpleNamespace(sentence="412 lines of 12 Nov 2025 are there twice.", blocks_cause=True)


def test_the_fall_that_was_asked_for():
    assert sentences(CAUSED) == (
        "Revenue fell 12.4% (−€18,204) against the four weeks before; 6.0 points of that are normal for the season.",
        "71.0% of the rest is West × Social, from 3 Nov: fewer orders, not smaller ones.",
    )


def of(**changed) -> Explanation:
    """The fall with its only cause changed."""
    return replace(FALL, causes=(replace(CAUSE, **changed),))


OTHER = replace(CAUSE, label="Toys", share=0.2, since=None, way="size", by_orders=0.0, by_size=-2_000.0)
RATIO = replace(
    FALL, metric="satisfaction", value=4.1, comparison=4.3, change=Change(-0.2, -0.2 / 4.3, tag="signal"), usual=None,
    causes=(replace(CAUSE, value=3.5, comparison=4.4, contribution=None, beyond=None, deviation=None, share=None,
                    way=None),),
)  # fmt: skip
SPLIT = SimpleNamespace(axis="region", rate=-0.15, mix=-0.05, overlap=0.0, reversal=False)
BIG = LargeOrder(date(2025, 11, 12), 12_345.6, 0.68, True)

CASES = {
    "a rise": (
        replace(FALL, change=Change(18_204.0, 0.124, tag="signal"), usual=None),
        "Revenue rose 12.4% (+€18,204) against the four weeks before.",
    ),
    "chance": (replace(FALL, change=replace(FALL.change, tag="noise")), "The change is within what chance does."),
    "chance, and yet a cause": (
        replace(CAUSED, change=replace(FALL.change, tag="noise")),
        "Even so, 71.0% of the rest is West × Social",
    ),
    "too few days": (replace(FALL, change=replace(FALL.change, tag=None)), "cannot be told from so few days"),
    "no change": (
        replace(FALL, value=146_804.0, change=Change(0.0, 0.0), usual=None),
        "Revenue stayed at €146,804 against the four weeks before.",
    ),
    "from nothing": (
        replace(FALL, comparison=0.0, change=Change(128_600.0, None, tag="signal"), usual=None),
        "Revenue rose to €128,600 from €0.00 against the four weeks before.",
    ),
    "many times as much": (
        replace(FALL, change=Change(1_614_844.0, 11.0, tag="signal"), usual=None),
        "Revenue rose to ×12 what it was (+€1,614,844)",
    ),
    "no comparison": (
        replace(FALL, change=None, note="The shop's data ends on 9 Nov 2025."),
        "Revenue came to €128,600 (27 Oct – 23 Nov 2025). The shop's data ends on 9 Nov 2025.",
    ),
    "no value": (
        replace(FALL, metric="aov", value=None, change=None, note="Average order value cannot be told."),
        "Average order value cannot be told.",
    ),
    "the season the other way": (
        replace(FALL, usual=replace(FALL.usual, absolute=5_872.16, relative=0.04)),
        "; the season alone would have brought a rise of 4.0%.",
    ),
    "a cause beside a season that goes the other way": (
        replace(CAUSED, usual=replace(FALL.usual, absolute=5_872.16, relative=0.04)),
        "would have brought a rise of 4.0%. 71.0% of what lies below that is West × Social",
    ),
    "a cause of less fall than the season brings": (
        replace(CAUSED, usual=replace(FALL.usual, absolute=-20_000.0, relative=-0.136, beyond=1_796.0)),
        "would have brought a fall of 13.6%. 71.0% of what lies above that is West × Social",
    ),
    "a holiday": (
        replace(FALL, usual=replace(FALL.usual, label="Black Friday")),
        "6.0 points of that are normal for Black Friday and the season.",
    ),
    "a data problem": (
        replace(CAUSED, problems=(PROBLEM, PROBLEM)),
        "Before any cause: 412 lines of 12 Nov 2025 are there twice. One more matters here.",
    ),
    "no cause": (FALL, "No part of the shop stands out: its parts differ by no more than chance."),
    "small causes": (
        of(deviation=-300.0, share=0.03),
        "No large part of the shop stands out; one small one is listed.",
    ),
    "several causes": (
        replace(FALL, causes=(CAUSE, OTHER)),
        "71.0% of the rest is West × Social, from 3 Nov: fewer orders, not smaller ones; 20.0% is Toys: smaller orders,"
        " not fewer of them.",
    ),
    "more causes than are named": (replace(FALL, causes=(CAUSE, OTHER, OTHER, OTHER)), "; one more is listed."),
    "more than all of it": (
        of(share=1.4),
        "West × Social stands out with −€6,900 against what everything else did, from 3 Nov: fewer orders",
    ),
    "a stretch": (of(until=date(2025, 11, 9)), "West × Social, from 3 Nov to 9 Nov: fewer orders"),
    "one day": (of(until=date(2025, 11, 3)), "West × Social, on 3 Nov: fewer orders"),
    "an end": (of(since=None, until=date(2025, 11, 9)), "West × Social, until 9 Nov: fewer orders"),
    "fewer and smaller": (of(way="both", by_orders=-4_000.0, by_size=-3_150.0), ": fewer and smaller orders."),
    "fewer though larger": (of(by_orders=-9_950.0, by_size=2_800.0), ": fewer orders, though larger ones."),
    "no order any more": (of(way=None, orders=0), "from 3 Nov: no order any more."),
    "one huge order": (of(large_order=BIG), ": one order of €12,346 on 12 Nov 2025 here."),
    "one huge order of all": (
        replace(FALL, large_order=BIG),
        "One order of €12,346 on 12 Nov 2025 is 68.0% of the change.",
    ),
    "a ratio": (RATIO, "West × Social stands out, at 3.50 after 4.40, from 3 Nov."),
    "rate and mix": (
        replace(RATIO, splits=(SPLIT,)),
        "Within the same regions it moved by −0.15, and another mix of them brings −0.05.",
    ),
    "Simpson's paradox": (
        replace(RATIO, splits=(SimpleNamespace(**{**vars(SPLIT), "reversal": True}),)),
        "Careful: within every region it rose; the change is another mix of them.",
    ),
    "a rate": (
        replace(FALL, metric="refund_rate", value=0.061, comparison=0.049, change=Change(0.012, 0.245, tag="signal"),
                usual=Usual(0.004, 0.08, None, None, 0.008)),
        "Refund rate rose by 1.2 points to 6.1% against the four weeks before; 0.4 points of that are normal",
    ),
    "what moved together": (
        replace(CAUSED, ruled_out=(RuledOut("segment", "Segment", ()), RuledOut("category", "Category", ()))),
        "By segment and category, the parts differ by no more than chance.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_case_is_said(case):
    found, expected = CASES[case]
    said = sentences(found)
    assert expected in " ".join(said)
    assert 1 <= len(said) <= 5 and all(one.endswith(".") for one in said)
    assert [unknown_figures(one, found) for one in said] == [[]] * len(said)


def test_no_cause_is_named_before_the_data_is_mended():
    said = sentences(replace(CAUSED, problems=(PROBLEM,)))
    assert said[0].startswith("Before any cause: ") and not any("West" in one for one in said)


def test_the_reader_of_figures_finds_a_wrong_one():
    text = "Revenue fell 12.5% (−€18,205) against the 29 days before, from 4 Nov; 6.1 points are normal."
    assert unknown_figures(text, CAUSED) == ["4 Nov", "12.5%", "−€18,205", "29", "6.1 points"]
    assert unknown_figures("It rose 12.4% (+€18,204).", CAUSED) == ["+€18,204"]


COMPARISONS = [
    (Selection.of(date(2025, 11, 1), date(2025, 11, 30)), "the month before"),
    (Selection.of(date(2025, 10, 1), date(2025, 12, 31)), "the three months before"),
    (Selection.of(date(2025, 1, 1), date(2025, 12, 31)), "the year before"),
    (Selection.of(date(2025, 11, 3), date(2025, 11, 9)), "the week before"),
    (Selection.of(date(2025, 11, 3), date(2025, 11, 3)), "the day before"),
    (Selection.of(date(2025, 11, 3), date(2025, 12, 1)), "the 29 days before"),
    (Selection.of(date(2025, 11, 1), date(2025, 11, 9), against=Against.TO_DATE), "as many days of the month before"),
    (Selection.of(date(2025, 11, 1), date(2025, 11, 9), against=Against.YEAR), "the same days a year before"),
    (replace(NOVEMBER, custom=Window(date(2025, 3, 3), date(2025, 3, 17))), "3 Mar – 16 Mar 2025"),
]


@pytest.mark.parametrize(("selection", "words"), COMPARISONS)
def test_a_comparison_is_called_as_a_person_would(selection, words):
    assert comparison_words(selection, selection.comparison().window) == words


@pytest.fixture(scope="module")
def demo(shop_db) -> Snapshot:
    return Snapshot.from_store(Store.open(shop_db))


def questions(snapshot: Snapshot, count: int) -> list[tuple[Selection, str]]:
    """Random windows, comparisons, filters and metrics."""
    draw, whole, made = random.Random(9), snapshot.whole(), []
    for _ in range(count):
        length = draw.choice([1, 5, 7, 14, 28, 31, 90])
        start = whole.start + timedelta(days=draw.randrange(0, whole.days - length))
        selection = Selection(Window(start, start + timedelta(days=length)), against=draw.choice(list(Against)))
        for name in draw.sample(snapshot.dimensions, draw.choice([0, 0, 1, 2])):
            labels = snapshot.values(name)
            selection = selection.where(name, draw.sample(labels, min(len(labels), draw.choice([1, 2]))))
        made.append((selection, draw.choice(["revenue", "revenue", *METRICS])))
    return made


def test_every_figure_of_every_sentence_is_the_explanations(demo):
    figures = 0
    for selection, metric in questions(demo, 40):
        found = explain(demo, selection, metric)
        said = sentences(found)
        assert 1 <= len(said) <= 5
        for one in said:
            assert unknown_figures(one, found) == [], (one, selection, metric)
            figures += sum(letter.isdigit() for letter in one) > 0
        assert said == told(demo, selection, metric)
    assert figures > 40


def test_a_season_that_is_not_known_is_not_claimed():
    """Less than a year and a half of days tells the weekdays, not the time of the year."""
    weekdays = replace(FALL, usual=replace(FALL.usual, of_year=False))
    sale = replace(FALL, usual=replace(weekdays.usual, label="Christmas shopping"))
    assert "the season" in sentences(FALL)[0]
    assert "the weekdays" in sentences(weekdays)[0] and "season" not in sentences(weekdays)[0]
    assert "Christmas shopping and the weekdays" in sentences(sale)[0]
