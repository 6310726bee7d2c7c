"""A small fake government web with planted faults, and its answer sheet."""
