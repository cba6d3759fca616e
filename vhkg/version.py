"""The version of the software, in one place; the knowledge has its own (owl:versionInfo)."""

__version__ = "0.5.1"
