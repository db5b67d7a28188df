"""What page and media server say to each other."""
