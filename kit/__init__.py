"""What knows nothing of parenting: settings, database, blobs, clock, errors, audit, logs, jobs, staff accounts."""
