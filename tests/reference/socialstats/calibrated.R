# Calibrated errors by survey on one_stage.csv, for tests/socialstats/test_calibrated.py: the linearised one of
# residuals and the stratified jackknife whose replicates are calibrated again.
# Run here: Rscript calibrated.R > calibrated.csv (Debian: r-cran-survey)
suppressPackageStartupMessages(library(survey))
d <- read.csv("one_stage.csv")
d$sex <- factor(d$sex)
d$region <- factor(d$region)
d$poor <- as.numeric(d$income < 6000)
design <- svydesign(ids = ~household, strata = ~stratum, weights = ~weight, data = d, nest = TRUE)
totals <- c("(Intercept)" = 260000, regionR1 = 80000, regionR2 = 95000, sex2 = 131000)
jackknife <- as.svrepdesign(design, type = "JKn", mse = TRUE)
cat("method,variance,indicator,value,se\n")
for (method in c("linear", "raking")) {
  made <- list(
    linearised = calibrate(design, ~region + sex, totals, calfun = method, epsilon = 1e-12, maxit = 200),
    jkn = calibrate(jackknife, ~region + sex, totals, calfun = method, epsilon = 1e-12, maxit = 200)
  )
  for (how in names(made)) {
    found <- svymean(~income + poor, made[[how]])
    for (at in 1:2)
      cat(sprintf("%s,%s,%s,%.15g,%.15g\n", method, how, c("mean", "arop")[at], c(1, 100)[at] * coef(found)[at],
        c(1, 100)[at] * SE(found)[at]))
  }
}
