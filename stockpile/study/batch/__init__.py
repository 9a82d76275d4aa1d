"""Many solves in one folder: a study is expanded to runs, each of which is kept once and for all."""
