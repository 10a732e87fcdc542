"""Why the embedded servers cannot be started or stopped, in words a user may read."""


class EmbeddedError(Exception):
    """The embedded PostgreSQL or Valkey cannot do what was asked."""


class NoProgram(EmbeddedError):
    """The server's program is neither in a wheel nor on the system."""


class NotReached(EmbeddedError):
    """The server did not come up, or did not go down, in time."""


class OtherVersion(EmbeddedError):
    """The data was made by another major version of PostgreSQL."""


class WrongOwner(EmbeddedError):
    """A folder belongs to somebody else, or can be read by others."""


class InUse(EmbeddedError):
    """Another process holds the servers."""
