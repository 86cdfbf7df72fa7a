import pytest

from engine.snapshot import Snapshot
from tests.engine.diagnose.drivers.shops import columns, shop


@pytest.fixture(scope="session")
def usual() -> tuple[dict, dict]:
    """The demo shop's lines and customers."""
    return columns(15_000)


@pytest.fixture(scope="session")
def demo(usual) -> Snapshot:
    """The demo shop as everybody gets it."""
    return shop(*usual)


@pytest.fixture(scope="session")
def large() -> Snapshot:
    """The demo shop with 150,000 lines, which tell every planted effect to a few percent."""
    return shop(*columns(150_000))
