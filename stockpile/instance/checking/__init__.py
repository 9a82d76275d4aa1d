"""Rules between tables, block by block."""
