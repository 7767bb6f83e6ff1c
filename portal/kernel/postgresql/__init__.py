"""Django's PostgreSQL backend, which also says how far each transaction reaches."""
