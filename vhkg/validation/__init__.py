"""SHACL: the shapes compiled to checks, the checks run, and pyshacl as their oracle (import vhkg.validation.oracle)."""

from vhkg.validation.checks import compile_checks
from vhkg.validation.report import report_turtle
from vhkg.validation.run import check

__all__ = ["check", "compile_checks", "report_turtle"]
