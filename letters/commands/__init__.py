"""Every change of a letter's state: keyword-only, atomic, and knowing who acts."""
