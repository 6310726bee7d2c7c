"""A small made-up government web with planted faults, its answer sheet, and the run that compares the two."""
