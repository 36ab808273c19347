"""`python -m app.cli` is `peiban`: how the job worker starts a build in a process of its own."""

from app.cli import main

main()
