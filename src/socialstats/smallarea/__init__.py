"""Areas where the sample is thin: models that borrow strength, with the error they leave."""

from socialstats.smallarea.benchmarking import Benchmarked, benchmark
from socialstats.smallarea.ebp import EBP, ebp
from socialstats.smallarea.fay_herriot import FayHerriot, fay_herriot
from socialstats.smallarea.incomes import KINDS, Homes, model_incomes
from socialstats.smallarea.kernels import INDICATORS

__all__ = [
    "EBP",
    "INDICATORS",
    "KINDS",
    "Benchmarked",
    "FayHerriot",
    "Homes",
    "benchmark",
    "ebp",
    "fay_herriot",
    "model_incomes",
]
