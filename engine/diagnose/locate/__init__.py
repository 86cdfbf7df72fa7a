"""The smallest set of attribute combinations that explains an abnormal change, in a shop or in any table."""

from engine.diagnose.locate.leaves import Leaves
from engine.diagnose.locate.locate import locate
from engine.diagnose.locate.located import Cause, Located
from engine.diagnose.locate.shop import locate_in_shop
from engine.diagnose.locate.table import locate_in_table

__all__ = ["Cause", "Leaves", "Located", "locate", "locate_in_shop", "locate_in_table"]
