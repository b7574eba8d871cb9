"""What the commands that measure share."""
