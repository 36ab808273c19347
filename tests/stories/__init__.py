"""Whole stories through the running program: people on one side, everything of ours on the other."""
