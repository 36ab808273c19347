"""The Telegram adapter: the only place that knows python-telegram-bot. `channel.Telegram` is what the running program holds."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns at every 429 that its seconds will become a timedelta
