"""What the wire looks like, one file per family, named as in ``routes``."""
