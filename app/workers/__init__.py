"""What runs beside the web server: the inbox worker, the senders, the job worker and the clock's tick."""
