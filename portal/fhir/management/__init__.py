"""Commands of the FHIR door."""
