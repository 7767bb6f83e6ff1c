"""Every read of what people have given each other."""
