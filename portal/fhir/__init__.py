"""FHIR and OAuth at the door: what every app's own resources are built on."""
