"""Clock, calendar, errors, base tables and periodic jobs: what everything stands on."""
