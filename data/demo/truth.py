"""The demo shop's truth: every planted effect, once. `effects.py` says what each number means.

The generator reads these values and holds no copy; tests and benchmarks compare against them.
"""

from __future__ import annotations

from datetime import date

from data.demo.effects import (
    Choice,
    Delivery,
    DeliveryChange,
    Holiday,
    Incident,
    Loyalty,
    Mishaps,
    People,
    Pricing,
    Promotion,
    Response,
    Satisfaction,
    Season,
    Segment,
    Truth,
    Window,
)

ALL = ("Electronics", "Fashion", "Home", "Sports", "Beauty", "Toys")

SEASON = Season(
    yearly_growth=0.16,
    weekday=(1.08, 1.02, 0.96, 0.94, 0.86, 0.98, 1.16),
    yearly=((0.11, -0.08), (0.02, -0.05)),
    hours=(6, 3, 2, 1, 1, 2, 6, 14, 26, 36, 42, 44, 52, 46, 40, 38, 40, 46, 56, 70, 80, 74, 46, 18),
    weekend_hours=(12, 7, 4, 2, 1, 1, 3, 7, 16, 34, 52, 60, 58, 54, 52, 52, 52, 52, 54, 60, 64, 56, 38, 22),
)

HOLIDAYS = (
    Holiday(
        "Black Friday",
        1.8,
        (
            Window(date(2024, 11, 29), date(2024, 12, 3)),
            Window(date(2025, 11, 28), date(2025, 12, 2)),
        ),
    ),
    Holiday(
        "Christmas shopping",
        1.3,
        (
            Window(date(2024, 12, 3), date(2024, 12, 21)),
            Window(date(2025, 12, 2), date(2025, 12, 21)),
        ),
    ),
    Holiday(
        "Christmas",
        0.5,
        (
            Window(date(2024, 12, 24), date(2024, 12, 27)),
            Window(date(2025, 12, 24), date(2025, 12, 27)),
        ),
    ),
    Holiday(
        "New Year",
        0.65,
        (
            Window(date(2024, 1, 1), date(2024, 1, 2)),
            Window(date(2024, 12, 31), date(2025, 1, 2)),
            Window(date(2025, 12, 31), date(2026, 1, 1)),
        ),
    ),
    Holiday(
        "Easter",
        0.75,
        (
            Window(date(2024, 3, 29), date(2024, 4, 2)),
            Window(date(2025, 4, 18), date(2025, 4, 22)),
        ),
    ),
)

# Black Friday's discount carries no lift of its own: the holiday's lift is all that the lower price does not explain.
PROMOTIONS = (
    Promotion("Winter sale", Window(date(2024, 1, 15), date(2024, 1, 29)), ("Fashion", "Home"), 0.15, 1.15),
    Promotion("Beauty days", Window(date(2024, 3, 4), date(2024, 3, 11)), ("Beauty",), 0.15, 1.15),
    Promotion("Outdoor weeks", Window(date(2024, 5, 6), date(2024, 5, 20)), ("Sports",), 0.15, 1.15),
    Promotion("Summer sale", Window(date(2024, 7, 8), date(2024, 7, 22)), ("Fashion", "Sports", "Toys"), 0.20, 1.15),
    Promotion("Tech week", Window(date(2024, 9, 9), date(2024, 9, 16)), ("Electronics",), 0.10, 1.15),
    Promotion("Black Friday 2024", Window(date(2024, 11, 29), date(2024, 12, 3)), ALL, 0.15, 1.0),
    Promotion("Winter sale", Window(date(2025, 1, 13), date(2025, 1, 27)), ("Fashion", "Home"), 0.15, 1.15),
    Promotion("Beauty days", Window(date(2025, 3, 10), date(2025, 3, 17)), ("Beauty",), 0.15, 1.15),
    Promotion("Outdoor weeks", Window(date(2025, 5, 5), date(2025, 5, 19)), ("Sports",), 0.15, 1.15),
    Promotion("Summer sale", Window(date(2025, 7, 7), date(2025, 7, 21)), ("Fashion", "Home", "Toys"), 0.20, 1.15),
    Promotion("Tech week", Window(date(2025, 9, 8), date(2025, 9, 15)), ("Electronics",), 0.10, 1.15),
    Promotion("Black Friday 2025", Window(date(2025, 11, 28), date(2025, 12, 2)), ALL, 0.15, 1.0),
)

# Spreads of .16 and .05 let 2,500 orders a category tell its elasticity to about +-.11 (standard error).
PRICING = Pricing(
    elasticity={"Electronics": -2.4, "Fashion": -1.9, "Home": -1.7, "Sports": -2.1, "Beauty": -1.6, "Toys": -2.2},
    product_spread=0.16,
    category_spread=0.05,
    product_days=70.0,
    category_days=110.0,
    yearly_inflation=0.02,
)

# A carry-over of .9 a day is .48 a week, one of .7 is .08: weekly figures can tell them apart.
# Direct has no spend. Social is paid beyond its saturation, E-mail far below: a better split exists.
RESPONSES = {
    "Search": Response(0.50, 1.00, 45.0, 1.0, 0.70, 46.0, 0.60, 0.12),
    "Social": Response(0.45, 0.80, 28.0, 1.0, 0.90, 60.0, 0.65, 0.12),
    "E-mail": Response(0.60, 1.20, 14.0, 1.0, 0.75, 7.0, 0.65, 0.12),
    "Marketplace": Response(0.60, 0.90, 20.0, 1.0, 0.80, 17.0, 0.60, 0.12),
}

DELIVERY = Delivery(
    region={"North": 3.2, "South": 3.7, "East": 4.6, "West": 3.4},
    channel={"Direct": 0.0, "Search": 0.0, "Social": 0.0, "E-mail": 0.0, "Marketplace": 0.6},
    segment={"Premium": -0.9, "Regular": 0.0, "Budget": 0.5},
    peak=(
        Window(date(2024, 11, 29), date(2024, 12, 23)),
        Window(date(2025, 11, 28), date(2025, 12, 23)),
    ),
    peak_days=1.3,
    changes=(
        DeliveryChange("Carrier strike", "South", Window(date(2024, 9, 2), date(2024, 10, 14)), 1.8),
        DeliveryChange("New depot", "East", Window(date(2025, 3, 3), date(2026, 1, 1)), -1.1),
    ),
    spread=6.0,
    longest=18,
    promised={"North": 4, "South": 5, "East": 6, "West": 5},
    promised_segment={"Premium": -1, "Regular": 0, "Budget": 1},
)

SATISFACTION = Satisfaction(
    after_a_day=4.60,
    per_day=-0.17,
    category={"Electronics": 0.0, "Fashion": -0.12, "Home": 0.05, "Sports": 0.0, "Beauty": 0.08, "Toys": 0.05},
    agreement=3.2,
)

LOYALTY = Loyalty(stay={"Premium": 0.998, "Regular": 0.993, "Budget": 0.980}, per_point=1.10)

PEOPLE = People(
    segments={
        "Premium": Segment(0.18, 1.15, 0.85, 2.0, (0.05, 0.16, 0.24, 0.25, 0.19, 0.11)),
        "Regular": Segment(0.52, 1.00, 0.10, 1.0, (0.12, 0.24, 0.23, 0.18, 0.14, 0.09)),
        "Budget": Segment(0.30, 0.90, -0.55, 0.7, (0.22, 0.28, 0.20, 0.13, 0.10, 0.07)),
    },
    regions={"North": 0.24, "South": 0.25, "East": 0.20, "West": 0.31},
    ages=("18-24", "25-34", "35-44", "45-54", "55-64", "65+"),
    known_at_start=0.33,
    rhythm=2.0,
    favourite=4.0,
)

CHOICE = Choice(
    channels={
        "Direct": (0.12, 0.16, 0.20, 0.23, 0.25, 0.26),
        "Search": (0.22, 0.26, 0.29, 0.31, 0.33, 0.35),
        "Social": (0.44, 0.32, 0.22, 0.15, 0.10, 0.07),
        "E-mail": (0.08, 0.12, 0.15, 0.18, 0.19, 0.20),
        "Marketplace": (0.14, 0.14, 0.14, 0.13, 0.13, 0.12),
    },
    payments={
        "Credit card": (0.24, 0.32, 0.36, 0.38, 0.36, 0.32),
        "PayPal": (0.42, 0.38, 0.33, 0.28, 0.22, 0.16),
        "Invoice": (0.14, 0.15, 0.20, 0.25, 0.32, 0.40),
        "Bank transfer": (0.02, 0.03, 0.04, 0.06, 0.09, 0.12),
        "Mobile wallet": (0.18, 0.12, 0.07, 0.03, 0.01, 0.00),
    },
)

MISHAPS = Mishaps(
    cancelled=0.022,
    refunded={"Electronics": 0.030, "Fashion": 0.065, "Home": 0.022, "Sports": 0.028, "Beauty": 0.012, "Toys": 0.018},
    unhappy=2.5,
    days_after=6.0,
)

TRUTH = Truth(
    days=Window(date(2024, 1, 1), date(2026, 1, 1)),
    season=SEASON,
    holidays=HOLIDAYS,
    promotions=PROMOTIONS,
    pricing=PRICING,
    responses=RESPONSES,
    delivery=DELIVERY,
    satisfaction=SATISFACTION,
    loyalty=LOYALTY,
    people=PEOPLE,
    choice=CHOICE,
    mishaps=MISHAPS,
    incident=Incident("West", "Social", Window(date(2025, 11, 3), date(2025, 11, 24)), 0.05),
)
