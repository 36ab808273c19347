"""The stand-in Telegram server, tried with the real library over HTTP."""
