"""The web: what to watch, what is due, and fetching it politely and safely.

The one part of the extractors that does I/O, and only in `fetch` and what it stands on (`lanes`, `exchange`,
`transport`). A run is four calls on rows that the warehouse keeps (`model`):

- `sources.read_sources` reads what to watch;
- `discover.discover` asks the sources that are due and hands over candidates and changed endpoints answer by answer;
- `due.due_pages` chooses which pages to fetch, `crawl.crawl` fetches them, hosts in parallel, result by result;
- `remember.after_fetch` says what to keep of each result.

Everything is kept at once, so that a run may be killed at any time and the next goes on from there.
"""
