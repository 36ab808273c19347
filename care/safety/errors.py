"""What can be wrong with the files of screening. A parent never meets these: to her any failure counts as urgent."""

from kit.errors import Invalid


class BrokenRules(Invalid):
    """The rules, the first lines or the weights of the second net cannot be used as they stand."""
