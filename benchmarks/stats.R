# Peers of benchmarks/stats.py: laeken and survey on the same file, CPU seconds, one JSON object a line.
# Rscript stats.R FILE REPLICATES
suppressPackageStartupMessages({library(laeken); library(survey)})
arguments <- commandArgs(trailingOnly = TRUE)
d <- read.csv(arguments[1], stringsAsFactors = TRUE)
replicates <- as.integer(arguments[2])
cpu <- function(code) {
  force_before <- proc.time()
  eval.parent(substitute(code))
  sum((proc.time() - force_before)[c("user.self", "sys.self")])
}
say <- function(name, value) cat(sprintf('{"name": "%s", "value": %.6f}\n', name, value))
points <- replicate(5, cpu({
  arpr("income", weights = "weight", breakdown = "region", data = d)
  gini("income", weights = "weight", breakdown = "region", data = d)
  qsr("income", weights = "weight", breakdown = "region", data = d)
}))
say("points", median(points))
a <- arpr("income", weights = "weight", breakdown = "region", data = d)
boot <- cpu(variance("income", weights = "weight", breakdown = "region", design = "region", cluster = "household",
  data = d, indicator = a, R = replicates, bootType = "naive", seed = 1))
say("bootstrap", boot)
design <- svydesign(ids = ~household, strata = ~region, weights = ~weight, data = d)
d$poor <- as.numeric(d$income < a$threshold)
design <- update(design, poor = d$poor)
taylor <- replicate(3, cpu(svyby(~poor, ~region, design, svymean)))
say("taylor", median(taylor))
