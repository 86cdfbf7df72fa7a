"""The frame around the pages: menu, colours, connection, and the pages kept once they were seen."""

from dashboards.shell.app import app, visit

__all__ = ["alone", "app", "visit"]


def alone(name: str) -> None:
    """Serve one page by itself: the last lines of a page file call this under `panel serve`.

    Parameters
    ----------
    name : the page's file name without `.py`
    """
    from importlib import import_module

    import panel as pn

    from dashboards.shell.database import shop
    from dashboards.shell.menu import of

    pn.extension()
    page = of(import_module(f"dashboards.{name}"))
    visit(shop(), (page,)).servable(title=f"{page.title} · Shoplight", location=False)
