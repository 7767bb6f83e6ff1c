"""Pages that belong to no single service."""
