"""Areas where the sample is thin: models that borrow strength, with the error they leave."""

from socialstats.smallarea.benchmarking import Benchmarked, benchmark
from socialstats.smallarea.fay_herriot import FayHerriot, fay_herriot

__all__ = ["Benchmarked", "FayHerriot", "benchmark", "fay_herriot"]
