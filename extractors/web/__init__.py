"""The web: what to watch, what is due, and fetching it politely and safely.

This is the one room that asks the network; the other rooms of the extractors, the warehouse and the flows never do.
Within it only `fetch` and what it stands on (`hosts`, `transport`) open a connection. A run is four calls on rows that
the warehouse keeps (`model`):

- `sources.read_sources` reads what to watch;
- `discover.discover` asks the sources that are due and hands over candidates and changed endpoints answer by answer;
- `due.due_pages` chooses which pages to fetch, `crawl.crawl` fetches them, hosts in parallel, result by result;
- `outcomes.after_fetch` says what to keep of each result.

Everything is kept at once, so that a run may be killed at any time and the next goes on from there.
"""
