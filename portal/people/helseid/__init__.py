"""HelseID as identity provider: the way in for those who treat patients, with the number they are authorised under."""
