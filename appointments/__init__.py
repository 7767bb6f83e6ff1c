"""Appointments: what the hospital has planned for a patient, and what the patient may do about it."""
