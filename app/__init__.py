"""The running program: the `peiban` command, the web server, the staff console, the chat page and the workers."""
