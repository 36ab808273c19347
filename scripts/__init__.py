"""What makes and checks a checkout. Standard library only: it runs before anything is installed."""
