"""Who may see and do what, for whom: pure rules as data, and the facts they need."""
