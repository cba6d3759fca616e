"""The pages of `vhkg serve` as HTML, from values of the model. Each works without its script."""

from vhkg.rendering.site.templating import Site

__all__ = ["Site"]
