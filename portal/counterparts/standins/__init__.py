"""The stand-ins: one small Django project that plays every party outside the portal, over real HTTP.

For demo and tests only; nothing in the portal imports it. Its persons are invented and its numbers carry +80 on the
month. State is kept in memory, or in the folder STANDINS_STATE so that a demo can be stopped and started again.
"""
