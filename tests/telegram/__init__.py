"""The Telegram adapter against the stand-in server, over HTTP, with the real library."""
