"""The mathematics: one file per block of equations, in Pyomo.  No files are read, nothing is solved or printed here."""
