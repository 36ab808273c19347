"""What the service promises families: screening, questions, cases, messages, places. Knows no Telegram and no HTTP."""
