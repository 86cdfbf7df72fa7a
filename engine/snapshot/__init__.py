"""A shop in memory, shared by everyone who asks."""

from engine.snapshot.axes import Axis, Blocks
from engine.snapshot.grid import Grid
from engine.snapshot.live import current
from engine.snapshot.snapshot import Snapshot

__all__ = ["Axis", "Blocks", "Grid", "Snapshot", "current"]
