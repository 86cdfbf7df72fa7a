"""The shapes of planted effects: what each number of the demo shop's truth means, with its unit.

Effects multiply the chance of an order unless said otherwise: 1.0 is "no effect". The values
themselves are in `truth.py`, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Window:
    """Days from `start` up to, but without, `end`."""

    start: date
    end: date


@dataclass(frozen=True)
class Season:
    """When people buy.

    Parameters
    ----------
    yearly_growth : relative growth of orders in 365 days, compounding daily
    weekday : seven factors from Monday to Sunday, mean 1
    yearly : amplitudes (cos, sin) of the log of demand for one and two waves a year, counted from 1 January
    hours, weekend_hours : 24 relative weights of the hour of an order, Monday to Friday and at the weekend
    """

    yearly_growth: float
    weekday: tuple[float, ...]
    yearly: tuple[tuple[float, float], ...]
    hours: tuple[float, ...]
    weekend_hours: tuple[float, ...]


@dataclass(frozen=True)
class Holiday:
    """Days that sell more or less than the season says: `lift` times as many orders."""

    name: str
    lift: float
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class Promotion:
    """A dated price cut.

    Parameters
    ----------
    name : what the shop calls it
    window : when it runs
    categories : what it covers
    discount : share of the list price taken off each piece
    lift : factor on orders from being advertised, over and above what the lower price does by itself
    """

    name: str
    window: Window
    categories: tuple[str, ...]
    discount: float
    lift: float


@dataclass(frozen=True)
class Pricing:
    """How prices move and what that does to demand.

    Parameters
    ----------
    elasticity : category -> relative change of orders per relative change of the price paid after
        discount; orders of a product are proportional to price ** elasticity, at any price and for everyone
    product_spread : standard deviation of the log of a product's own price level
    category_spread : standard deviation of the log of a price level shared by a whole category
    product_days, category_days : mean days between two changes of these levels
    yearly_inflation : relative rise of list prices in 365 days
    """

    elasticity: dict[str, float]
    product_spread: float
    category_spread: float
    product_days: float
    category_days: float
    yearly_inflation: float


@dataclass(frozen=True)
class Response:
    """What spend on a channel does to the channel's orders.

    The factor on orders is `organic + reach * a**steepness / (a**steepness + half**steepness)`, where
    `a` is the carried-over spend of the day: `a[d] = (1 - carry_over) * spend[d] + carry_over * a[d-1]`.

    Parameters
    ----------
    organic : factor that stays without any spend
    reach : most that spend can add
    half : carried-over spend a day, in currency for a shop of 15,000 lines, that gives half the reach;
        a larger shop has proportionally larger spend and `half`
    steepness : 1 is concave from the first coin
    carry_over : share of yesterday's effect still there today
    usual : mean spend of a day while the channel is on, in the unit of `half`
    swing : standard deviation of the log of the spend level from flight to flight
    pause : share of flights without any spend
    """

    organic: float
    reach: float
    half: float
    steepness: float
    carry_over: float
    usual: float
    swing: float
    pause: float


@dataclass(frozen=True)
class DeliveryChange:
    """A region whose deliveries take `days` longer (or, negative, less long) in a window."""

    name: str
    region: str
    window: Window
    days: float


@dataclass(frozen=True)
class Delivery:
    """Days from order to delivery: 1 plus a negative binomial count whose mean adds up from these parts.

    Parameters
    ----------
    region : mean days by region
    channel : days added by channel
    segment : days added by segment
    peak, peak_days : windows before Christmas, and the days they add
    changes : what carriers changed
    spread : shape of the negative binomial; smaller is more erratic
    longest : no delivery takes more days
    promised : days promised by region
    promised_segment : days added to the promise by segment
    """

    region: dict[str, float]
    channel: dict[str, float]
    segment: dict[str, float]
    peak: tuple[Window, ...]
    peak_days: float
    changes: tuple[DeliveryChange, ...]
    spread: float
    longest: int
    promised: dict[str, int]
    promised_segment: dict[str, int]


@dataclass(frozen=True)
class Satisfaction:
    """The score from 1 to 5, whose mean is `after_a_day + per_day * (delivery_days - 1) + category`.

    Parameters
    ----------
    after_a_day : mean score of an order delivered in one day
    per_day : points for each further day; straight, on the score as it is seen
    category : points added by category
    agreement : concentration of the beta-binomial score; smaller gives more 1s and 5s, the mean stays
    """

    after_a_day: float
    per_day: float
    category: dict[str, float]
    agreement: float


@dataclass(frozen=True)
class Loyalty:
    """Whether a customer ever comes back after a delivered order.

    The probability to stay is `stay[segment] * per_point ** (score - 5)`. Who does not stay never
    orders again: that is the shop's whole churn. The ratio of repeat probabilities between two
    scores is therefore `per_point` a point for any horizon and any rhythm (an odds ratio is not).

    Parameters
    ----------
    stay : probability to stay after a score of 5, by segment; 1 minus it is the lapse hazard per order
    per_point : factor on that probability for each point of score
    """

    stay: dict[str, float]
    per_point: float


@dataclass(frozen=True)
class Segment:
    """A kind of customer.

    Parameters
    ----------
    share : share of all customers
    pace : mean rhythm relative to the other segments
    taste : exponent on a product's base price in what they choose; positive buys dearer things
    pieces : factor on the pieces beyond the first
    ages : shares of the age groups, in the order of People.ages
    """

    share: float
    pace: float
    taste: float
    pieces: float
    ages: tuple[float, ...]


@dataclass(frozen=True)
class People:
    """Who the customers are.

    Parameters
    ----------
    segments : name -> what they are like
    regions : name -> share of customers
    ages : names of the age groups
    known_at_start : share of customers won before the first day
    rhythm : shape of the gamma distribution of customers' own order rates; 1/sqrt(shape) is its relative spread
    favourite : weight of a customer's favourite category against 1 for the others
    """

    segments: dict[str, Segment]
    regions: dict[str, float]
    ages: tuple[str, ...]
    known_at_start: float
    rhythm: float
    favourite: float


@dataclass(frozen=True)
class Choice:
    """Where and how orders are placed: weights by age group, in the order of People.ages."""

    channels: dict[str, tuple[float, ...]]
    payments: dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class Mishaps:
    """Orders that come to nothing.

    Parameters
    ----------
    cancelled : share of orders cancelled before they are sent
    refunded : share of delivered orders given back, by category
    unhappy : factor on that share where the score is 1 or 2
    days_after : mean days from delivery to the refund, beyond the first two
    """

    cancelled: float
    refunded: dict[str, float]
    unhappy: float
    days_after: float


@dataclass(frozen=True)
class Incident:
    """A region x channel that keeps only `remaining` of its orders for a while."""

    region: str
    channel: str
    window: Window
    remaining: float


@dataclass(frozen=True)
class Truth:
    """Everything planted in the demo shop. The generator has no other source of effects."""

    days: Window
    season: Season
    holidays: tuple[Holiday, ...]
    promotions: tuple[Promotion, ...]
    pricing: Pricing
    responses: dict[str, Response]
    delivery: Delivery
    satisfaction: Satisfaction
    loyalty: Loyalty
    people: People
    choice: Choice
    mishaps: Mishaps
    incident: Incident
