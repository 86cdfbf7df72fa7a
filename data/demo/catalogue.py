"""What the demo shop sells: products, base prices and costs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """A thing on the shelf.

    Parameters
    ----------
    name, category : as the shop calls them
    price : list price of one piece on the first day, before any price move, in currency units
    cost : what one piece costs the shop, in currency units
    appeal : weight in what customers choose, at the base price
    pieces : mean pieces beyond the first in an order
    """

    name: str
    category: str
    price: float
    cost: float
    appeal: float
    pieces: float


PRODUCTS: tuple[Product, ...] = (
    Product("Wireless Earbuds", "Electronics", 79.90, 47.00, 1.15, 0.10),
    Product("Smartwatch", "Electronics", 149.90, 96.00, 0.80, 0.04),
    Product("Bluetooth Speaker", "Electronics", 59.90, 36.50, 1.00, 0.10),
    Product("E-Reader", "Electronics", 119.90, 78.00, 0.70, 0.04),
    Product("Power Bank", "Electronics", 34.90, 19.50, 1.10, 0.25),
    Product("Tablet", "Electronics", 229.90, 155.00, 0.45, 0.03),
    Product("Linen Shirt", "Fashion", 39.90, 15.50, 1.20, 0.45),
    Product("Slim Jeans", "Fashion", 69.90, 28.50, 1.05, 0.25),
    Product("Wool Sweater", "Fashion", 79.90, 33.00, 0.90, 0.20),
    Product("Leather Sneakers", "Fashion", 99.90, 44.00, 0.90, 0.10),
    Product("Rain Jacket", "Fashion", 119.90, 52.00, 0.60, 0.08),
    Product("Canvas Tote", "Fashion", 24.90, 8.50, 0.95, 0.35),
    Product("Ceramic Vase", "Home", 29.90, 12.50, 0.95, 0.40),
    Product("Desk Lamp", "Home", 49.90, 23.00, 1.00, 0.25),
    Product("Bed Linen Set", "Home", 69.90, 33.00, 1.00, 0.45),
    Product("Cast Iron Pan", "Home", 59.90, 29.50, 0.90, 0.15),
    Product("Espresso Machine", "Home", 189.90, 104.00, 0.45, 0.02),
    Product("Throw Blanket", "Home", 39.90, 17.00, 1.10, 0.35),
    Product("Yoga Mat", "Sports", 34.90, 15.50, 1.15, 0.20),
    Product("Running Shoes", "Sports", 109.90, 57.00, 0.90, 0.10),
    Product("Dumbbell Set", "Sports", 64.90, 35.00, 0.75, 0.20),
    Product("Bike Helmet", "Sports", 54.90, 28.50, 0.80, 0.30),
    Product("Trail Backpack", "Sports", 84.90, 44.00, 0.80, 0.10),
    Product("Fitness Bands", "Sports", 19.90, 8.50, 1.00, 0.40),
    Product("Face Serum", "Beauty", 32.90, 11.50, 1.10, 0.60),
    Product("Day Cream", "Beauty", 27.90, 10.00, 1.15, 0.65),
    Product("Shampoo Duo", "Beauty", 18.90, 7.50, 1.10, 0.90),
    Product("Perfume", "Beauty", 64.90, 25.50, 0.85, 0.30),
    Product("Hair Dryer", "Beauty", 54.90, 26.50, 0.60, 0.05),
    Product("Make-up Palette", "Beauty", 36.90, 13.50, 0.90, 0.40),
    Product("Building Set", "Toys", 44.90, 24.00, 1.10, 0.35),
    Product("Board Game", "Toys", 32.90, 17.00, 1.05, 0.40),
    Product("Wooden Train", "Toys", 39.90, 21.00, 0.90, 0.25),
    Product("Puzzle", "Toys", 17.90, 8.50, 1.05, 0.55),
    Product("Plush Bear", "Toys", 22.90, 10.50, 0.95, 0.45),
    Product("Science Kit", "Toys", 29.90, 15.50, 0.85, 0.30),
)

CATEGORIES: tuple[str, ...] = tuple(dict.fromkeys(p.category for p in PRODUCTS))
