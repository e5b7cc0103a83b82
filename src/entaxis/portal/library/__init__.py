"""The library of studies and strategies (R5): reading files, finding, citing, its pages and its office."""
