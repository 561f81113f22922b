"""Pure: no network, files, clock, randomness or settings."""
