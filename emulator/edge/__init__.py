"""Between the socket and a provider's room: guard, journal, bodies, errors. Knows no provider."""
