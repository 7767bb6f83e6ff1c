"""What every page is built from: frame, form fields, dates in words, error pages."""
