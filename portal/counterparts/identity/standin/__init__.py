"""Plays ID-porten and HelseID, for demo and tests: the same messages and strictness, but people sign in by a click.

OpenID Connect code flow with pushed requests, PKCE S256 and private_key_jwt all demanded; signed RS256 tokens; one
session across services, with front-channel sign-out. All lifetimes run on the machine's real time. The two providers
share code and nothing else: each has its own issuer, memory, cookie and registered service.
"""
