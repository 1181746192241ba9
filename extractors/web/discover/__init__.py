"""Finding new articles: reading feeds, sitemaps, listings and APIs, and finding those of a site."""

from extractors.web.discover.run import Brought, Known, discover

__all__ = ["Brought", "Known", "discover"]
