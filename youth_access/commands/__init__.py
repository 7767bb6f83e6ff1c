"""Every change of what access rests on: locked, with audit, in one transaction."""
