"""The `shoplight` command: every answer of the pages, for people and (with --json) for machines.

One file a command: each has a click command named `command`, found by its file being here.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from typing import NoReturn

import click

from engine.errors import EngineError
from engine.registry import modules

# A person's mistake, and a fault of ours; scripts tell them apart.
MISTAKE, FAULT = 2, 1
# What the machine says about the place a person named, and nothing we could have done better.
SURROUNDINGS = frozenset(
    (
        *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOENT, errno.EEXIST),
        *(errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EIO, errno.EFBIG),
    )
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="shoplight", prog_name="shoplight")
def shoplight() -> None:
    """The analyst's desk for an online shop: trusted numbers from the shop's own exports."""


for _module in modules(__name__):
    shoplight.add_command(_module.command)


def main() -> None:
    """Run the command line; errors are one sentence on standard error."""
    try:
        sys.exit(shoplight.main(standalone_mode=False) or 0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        _say("Stopped.")
        sys.exit(130)
    except click.ClickException as mistake:
        _show(mistake)
        sys.exit(MISTAKE)
    except EngineError as mistake:
        _say(f"Error: {mistake}")
        sys.exit(MISTAKE)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as trouble:
        if trouble.errno not in SURROUNDINGS:
            _fault(trouble)
        place = f"{os.fspath(trouble.filename)} cannot be used: " if trouble.filename else ""
        _say(f"Error: {place}{(trouble.strerror or 'no reason given').lower()}. Choose another place or make room.")
        sys.exit(MISTAKE)
    except Exception as fault:
        _fault(fault)


def _show(mistake: click.ClickException) -> None:
    """One sentence instead of click's lines of usage; the command without anything shows its help."""
    context = getattr(mistake, "ctx", None)
    if context is None or isinstance(mistake, click.exceptions.NoArgsIsHelpError):
        mistake.show()
    else:
        _say(f"Error: {mistake.format_message()} See `{context.command_path} --help`.")


def _fault(fault: Exception) -> NoReturn:
    traceback.print_exception(fault)
    _say(f"Error: this is a fault in Shoplight, not yours ({type(fault).__name__}); please report the lines above.")
    sys.exit(FAULT)


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)
