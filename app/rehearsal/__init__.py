"""Rehearsals: a stand-in Telegram server and the people who use it, so that whole stories run with no network and no token.

Nothing here is loaded by the running program; tests and rehearsals start it beside it.
"""
