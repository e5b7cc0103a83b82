"""Distance and coverage: who has a structure within reach, computed by a task, shown as a map."""
