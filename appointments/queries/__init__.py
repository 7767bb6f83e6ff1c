"""Every read; a citizen's appointments only through `visible_to`."""
