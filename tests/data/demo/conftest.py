import pytest

from tests.data.demo.shop import Shop, read

# 300,000 lines tell every planted effect to a few percent and take three seconds to make.
LARGE = 300_000


@pytest.fixture(scope="session")
def demo_shop() -> Shop:
    """The demo shop as everybody gets it."""
    return read(15_000)


@pytest.fixture(scope="session")
def large_shop() -> Shop:
    """The same shop with twenty times the lines."""
    return read(LARGE)
