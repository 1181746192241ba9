"""What can go wrong with a warehouse, each with a message that says the way out."""


class WarehouseError(RuntimeError):
    """The warehouse cannot be used as asked; the message names the file and the way out."""


class LockedError(WarehouseError):
    """Another run holds the warehouse. `holder_pid` is its process, if known."""

    def __init__(self, message: str, holder_pid: int | None = None) -> None:
        self.holder_pid = holder_pid
        super().__init__(message)


class ConflictError(WarehouseError):
    """Another writer of a lake changed the same rows first; nothing was saved, and the same may be done again."""


class DamagedError(WarehouseError):
    """A database file or a stored object is not what was written."""


class DamagedObjectError(DamagedError):
    """An object of the raw store is not what was written; the database is as it was."""


class ForeignSnapshotError(WarehouseError):
    """The published snapshot came from another database than the one that would be published over it."""


class BrokenInvariantError(WarehouseError):
    """Rows break a check, and neither what is derived nor the articles they are of can be made to hold."""


class NewerSchemaError(WarehouseError):
    """The database was written by a newer release than this one."""


class DiskFullError(WarehouseError):
    """The disk has no room left; what was published before is untouched."""


class InvalidArticleError(WarehouseError):
    """Articles handed over for loading contradict themselves or each other; nothing of the batch was loaded.

    `faults` maps each faulty article's id to what is wrong with it.
    """

    def __init__(self, faults: dict[str, tuple[str, ...]]) -> None:
        self.faults = faults
        listed = "; ".join(f"article {key}: {', '.join(found)}" for key, found in faults.items())
        super().__init__(f"nothing of the batch was loaded, since it holds faulty articles: {listed}")
