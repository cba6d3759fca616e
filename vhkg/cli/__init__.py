"""The command line: options in, text out, one place where errors become a sentence and an exit code."""

from vhkg.cli.main import main

__all__ = ["main"]
