# Reference numbers of our own generated files by laeken and survey, for tests/socialstats/test_against_r.py.
# Run here: Rscript make.R > reference.json (Debian: r-cran-survey, r-cran-laeken)
suppressPackageStartupMessages({library(laeken); library(survey)})
rows <- c()
say <- function(name, value) rows <<- c(rows, sprintf('  "%s": %.15g', name, value))

d <- read.csv("one_stage.csv", stringsAsFactors = TRUE)
indicators <- list(
  arpr = arpr("income", weights = "weight", breakdown = "region", data = d),
  rmpg = rmpg("income", weights = "weight", breakdown = "region", data = d),
  gini = gini("income", weights = "weight", breakdown = "region", data = d),
  qsr = qsr("income", weights = "weight", breakdown = "region", data = d)
)
for (name in names(indicators)) {
  found <- indicators[[name]]
  say(paste0(name, " total"), found$value)
  for (at in seq_len(nrow(found$valueByStratum)))
    say(paste(name, found$valueByStratum[at, 1]), found$valueByStratum[at, 2])
}
say("threshold", indicators$arpr$threshold)
d$poor <- as.numeric(d$income < 6000)
one <- svydesign(ids = ~household, strata = ~stratum, weights = ~weight, data = d, nest = TRUE)
both <- svymean(~income + poor, one, deff = "replace")
say("mean", coef(both)[1]); say("mean se", SE(both)[1]); say("mean deff", deff(both)[1])
say("poor", coef(both)[2]); say("poor se", SE(both)[2]); say("poor deff", deff(both)[2])
by <- svyby(~income + poor, ~region, one, svymean)
for (at in seq_len(nrow(by))) {
  say(paste("mean se", by$region[at]), by$se.income[at])
  say(paste("poor se", by$region[at]), by$se.poor[at])
}
difference <- svycontrast(svyby(~poor, ~region, one, svymean, covmat = TRUE), c(1, -1, 0))
say("difference R0 - R1 se", SE(difference))
jackknife <- as.svrepdesign(one, type = "JKn", mse = TRUE)
say("mean se jkn", SE(svymean(~income, jackknife)))
say("ratio se", SE(svyratio(~income, ~age, one)))

d$stratum[d$household == d$household[1]] <- max(d$stratum) + 1L
lonely <- svydesign(ids = ~household, strata = ~stratum, weights = ~weight, data = d, nest = TRUE)
options(survey.lonely.psu = "certainty"); say("lonely certainty se", SE(svymean(~poor, lonely)))
options(survey.lonely.psu = "adjust"); say("lonely centre se", SE(svymean(~poor, lonely)))

e <- read.csv("two_stage.csv", stringsAsFactors = TRUE)
e$poor <- as.numeric(e$income < 6000)
two <- svydesign(ids = ~area + household, strata = ~region, fpc = ~area_count + household_count,
  weights = ~weight, data = e, nest = TRUE)
found <- svymean(~income + poor, two)
say("two-stage mean", coef(found)[1]); say("two-stage mean se", SE(found)[1]); say("two-stage poor se", SE(found)[2])
by <- svyby(~income, ~sex, two, svymean)
say("two-stage mean se sex 1", by$se[1]); say("two-stage mean se sex 2", by$se[2])
versions <- sprintf('  "versions": "R %s, laeken %s, survey %s"', getRversion(), packageVersion("laeken"),
  packageVersion("survey"))
cat("{\n", paste(c(rows, versions), collapse = ",\n"), "\n}\n", sep = "")
