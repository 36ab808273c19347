"""The channel-neutral conversation: an incoming event of a parent or of staff in, notices in the outbox out."""
