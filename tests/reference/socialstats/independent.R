# Errors that laeken and survey do not give, made from their definitions by brute force (all pairs, all kernels, no
# sorting), with survey's variance of a total: Gini in Eurostat's form, AROP, AROP before transfers and the median gap
# with the line's own variance and the default bandwidth, persistent poverty. For tests/socialstats/test_independent.py.
# Run here: Rscript independent.R > independent.csv (Debian: r-cran-survey, r-cran-laeken)
suppressPackageStartupMessages({library(survey); library(laeken)})
d <- read.csv("one_stage.csv")
w <- d$weight; x <- d$income; N <- sum(w); n <- nrow(d)
d$before <- x - 40 * d$age
design <- svydesign(ids = ~household, strata = ~stratum, weights = ~weight, data = d, nest = TRUE)
error <- function(z) as.numeric(SE(svytotal(~z, update(design, z = z))))
say <- function(name, value, se) cat(sprintf("%s,%.15g,%.15g\n", name, value, se))
cat("indicator,value,se\n")

# Gini: sum of the larger income of every pair; the derivative by a weight is a column of that table
larger <- outer(x, x, pmax)
pairs <- sum(outer(w, w) * larger); income <- sum(w * x)
gini <- pairs / (N * income) - 1
say("gini", 100 * gini, error(100 * (2 * as.vector(larger %*% w) / (N * income) - (gini + 1) * (1 / N + x / income))))
stopifnot(abs(100 * gini - gini("income", weights = "weight", data = d)$value) < 1e-9)

# weighted quantile by Eurostat's rule, by counting
quantile_of <- function(v, u, p) {
  at_or_below <- sapply(v, function(q) sum(u[v <= q])); below <- sapply(v, function(q) sum(u[v < q]))
  goal <- p * sum(u)
  reached <- min(v[at_or_below >= goal * (1 - 1e-12)]); passed <- min(v[at_or_below > goal * (1 + 1e-12)])
  (reached + passed) / 2
}
# members of a household share one income: Kish's number over the weights of households
home <- tapply(w, d$household, sum)
independent <- sum(home)^2 / sum(home^2)
mean_x <- income / N; sd_x <- sqrt(sum(w * (x - mean_x)^2) / N)
h <- 0.9 * min(sd_x, (quantile_of(x, w, .75) - quantile_of(x, w, .25)) / 1.34) * independent^(-1/5)
density_of <- function(v, q, width) sum(w * dnorm((v - q) / width)) / (N * width)
median_x <- quantile_of(x, w, .5); line <- 0.6 * median_x
z_line <- -0.6 * ((x <= median_x) - 0.5) / (N * density_of(x, median_x, h))

poor <- x < line; rate <- sum(w * poor) / N
say("arop", 100 * rate, error(100 * ((poor - rate) / N + density_of(x, line, h) * z_line)))
stopifnot(abs(100 * rate - arpr("income", weights = "weight", data = d)$value) < 1e-9)

b <- d$before; mean_b <- sum(w * b) / N; sd_b <- sqrt(sum(w * (b - mean_b)^2) / N)
h_b <- 0.9 * min(sd_b, (quantile_of(b, w, .75) - quantile_of(b, w, .25)) / 1.34) * independent^(-1/5)
under <- b < line; rate_b <- sum(w * under) / N
say("arop_before_transfers", 100 * rate_b, error(100 * ((under - rate_b) / N + density_of(b, line, h_b) * z_line)))
stopifnot(abs(100 * rate_b - arpr("before", weights = "weight", data = d, threshold = line)$value) < 1e-9)

m <- quantile_of(x[poor], w[poor], .5)
z_m <- (0.5 * (poor - rate) - ((x <= m) - 0.5 * rate)) / (N * density_of(x, m, h)) +
  0.5 * density_of(x, line, h) / density_of(x, m, h) * z_line
say("gap", 100 * (line - m) / line, error(-100 * z_m / line + 100 * m / line^2 * z_line))
stopifnot(abs(100 * (line - m) / line - rmpg("income", weights = "weight", data = d)$value) < 1e-9)

# persistent: poor now and in two or three of the three years before, of those followed in all four
year <- function(k) ifelse((d$household + k) %% 11 == 0, NA, as.numeric((d$household * (k + 2)) %% 7 < 3))
years <- sapply(0:3, year)
followed <- apply(years, 1, function(row) !any(is.na(row)))
d$persistent <- apply(years, 1, function(row) as.numeric(row[1] == 1 && sum(row[2:4]) >= 2))
design <- update(design, persistent = d$persistent, followed = followed)
found <- svymean(~persistent, subset(design, followed))
say("persistent", 100 * coef(found), 100 * SE(found))
