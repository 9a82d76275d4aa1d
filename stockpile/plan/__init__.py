"""Plans: typed tables, how they are written and read, and the audit that recomputes them from the tables alone."""
