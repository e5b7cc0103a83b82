# Reference for socialstats.weighting: R's survey package on weighting_input.csv.
# Rscript weighting.R  →  weighting.csv (calibrated weights by method) and weighting_summary.csv
suppressMessages(library(survey))
options(digits = 17)
d <- read.csv("weighting_input.csv", stringsAsFactors = TRUE)
d$sex <- factor(d$sex)
design <- svydesign(ids = ~household, strata = ~stratum, weights = ~weight, data = d)
ages <- c(1300, 2100, 2500, 1500)
names(ages) <- c("0-17", "18-39", "40-64", "65+")
sexes <- c("1" = 3600, "2" = 3800)
total_income <- 7.9e7
population <- c("(Intercept)" = 7400, sex2 = 3800, "age18-39" = 2100, "age40-64" = 2500, "age65+" = 1500,
                income = total_income)
formula <- ~ sex + age + income
out <- data.frame(row = seq_len(nrow(d)))
summary <- data.frame(name = character(), value = numeric())
note <- function(name, value) summary[nrow(summary) + 1, ] <<- list(name, value)
standard_error <- function(name, x) {
  note(paste0(name, "_total_income65"), coef(svytotal(~I(income * (age == "65+")), x))[[1]])
  note(paste0(name, "_se_income65"), SE(svytotal(~I(income * (age == "65+")), x))[[1]])
}
linear <- calibrate(design, formula, population)
raked <- calibrate(design, formula, population, calfun = "raking", epsilon = 1e-13, maxit = 100)
logit <- calibrate(design, formula, population, calfun = "logit", bounds = c(0.4, 2.5), epsilon = 1e-13, maxit = 100)
truncated <- calibrate(design, formula, population, calfun = "linear", bounds = c(0.6, 1.4), epsilon = 1e-13, maxit = 200)
household <- calibrate(design, formula, population, calfun = "linear", aggregate.stage = 1)
margins <- rake(design, list(~sex, ~age), list(data.frame(sex = names(sexes), Freq = sexes),
                                              data.frame(age = names(ages), Freq = ages)),
                control = list(maxit = 500, epsilon = 1e-10))
for (name in c("linear", "raked", "logit", "truncated", "household", "margins")) {
  out[[name]] <- weights(get(name))
  standard_error(name, get(name))
}
trimmed <- trimWeights(design, upper = 40, strict = TRUE)
out$trimmed <- weights(trimmed)
fit <- glm(responded ~ sex + log(income), family = quasibinomial, weights = weight, data = d,
           control = list(epsilon = 1e-14, maxit = 100))
for (k in seq_along(coef(fit))) note(paste0("propensity_", k - 1), coef(fit)[[k]])
write.csv(format(out, digits = 16), "weighting.csv", row.names = FALSE, quote = FALSE)
write.csv(format(summary, digits = 16), "weighting_summary.csv", row.names = FALSE, quote = FALSE)
