"""Patient letters with a postal fallback."""
