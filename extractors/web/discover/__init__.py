"""Finding new articles: reading feeds, sitemaps, listings and APIs, and finding those of a site."""

from extractors.web.discover.run import Brought, discover

__all__ = ["Brought", "discover"]
