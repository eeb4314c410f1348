"""How a replay ends when it does not end well."""


class Skipped(Exception):
    """The replay cannot be done here."""


class Failed(Exception):
    """A step or a check went wrong."""
