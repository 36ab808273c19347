"""The Telegram adapter: the only place that knows python-telegram-bot."""
