"""The solver room: a Pyomo model in, arrays, a HiGHS run and its answer out.  Nothing outside it knows HiGHS."""
