"""One module per family of calls."""
