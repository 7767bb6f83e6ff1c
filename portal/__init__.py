"""What the services stand on, and what wires them together."""
