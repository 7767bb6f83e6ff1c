"""The supervisor behind `make demo`: a whole synthetic region on one machine, started and stopped as one thing."""
