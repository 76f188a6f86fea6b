"""One folder per provider; each exposes ``provider``. Nothing else names them."""
