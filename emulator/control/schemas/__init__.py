"""What the control API takes and shows: snake_case, times in ISO 8601 UTC, ids and money as strings."""
