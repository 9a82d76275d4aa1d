"""Studies: questions that take several solves to answer."""
