"""Scripts behind the make targets, and what they run."""
