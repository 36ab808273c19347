"""The conversation: one channel-neutral dialogue, and an adapter for each channel it is held on."""
