"""People: persons, staff roles, hospital units, and who is signed in."""
