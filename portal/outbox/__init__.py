"""What waits to be carried out."""
