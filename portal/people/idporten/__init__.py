"""ID-porten as identity provider: everyone's way in."""
