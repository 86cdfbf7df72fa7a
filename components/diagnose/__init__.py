"""Views that say why a number moved: the story, the parts, the causes, the orders, what is unusual, what drives it."""

from pathlib import Path

# Where the modules and style sheets of these views lie.
BROWSER = Path(__file__).parent / "browser"
