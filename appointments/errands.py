"""What the outbox carries out for appointments: an id in, calls to others between transactions, one command out."""
