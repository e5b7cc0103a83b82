# Reference for socialstats.smallarea.ebp: lme4 for the model, closed forms for what the simulations aim at.
# Rscript ebp.R  →  ebp_summary.csv, ebp_areas.csv
suppressMessages(library(lme4))
options(digits = 17)
s <- read.csv("ebp_sample.csv"); u <- read.csv("ebp_population.csv")
line <- 9000
# lmer's own optimiser stops at about 1e-5: its deviance is minimised to the last digits instead
exact <- function(formula, data) {
  parts <- lFormula(formula, data, REML = TRUE)
  deviance <- do.call(mkLmerDevfun, parts)
  near <- optimize(deviance, c(0, 5), tol = 1e-9)$minimum
  slope <- function(t) deviance(t + 1e-4) - deviance(t - 1e-4)
  theta <- uniroot(slope, near * c(0.99, 1.01), tol = 1e-13, extendInt = "yes")$root
  best <- list(par = theta, fval = deviance(theta), feval = 1, conv = 0, message = NULL)
  mkMerMod(environment(deviance), best, parts$reTrms, parts$fr)
}
summary <- data.frame(name = character(), value = numeric())
note <- function(name, value) summary[nrow(summary) + 1, ] <<- list(name, value)
describe <- function(name, fit) {
  note(paste0(name, "_between"), as.numeric(VarCorr(fit)[[1]]))
  note(paste0(name, "_within"), sigma(fit)^2)
  for (k in seq_along(fixef(fit))) note(paste0(name, "_beta", k), fixef(fit)[[k]])
}
fit <- exact(log(income) ~ age + work + (1 | area), s)
describe("log", fit)
areas <- sort(unique(u$area))
X <- model.matrix(~ age + work, u)
expected <- function(beta, effect, gamma, between, within) {
  m <- X %*% beta + effect[match(u$area, areas)]
  v <- (between * (1 - gamma))[match(u$area, areas)] + within
  data.frame(area = areas, mean = tapply(exp(m + v / 2), u$area, mean),
             head_count = tapply(pnorm((log(line) - m) / sqrt(v)), u$area, mean))
}
between <- as.numeric(VarCorr(fit)[[1]]); within <- sigma(fit)^2
n <- as.numeric(table(factor(s$area, areas)))
gamma <- between / (between + within / n); gamma[n == 0] <- 0
effect <- ranef(fit)$area[as.character(areas), 1]; effect[is.na(effect)] <- 0
out <- expected(fixef(fit), effect, gamma, between, within)
# pseudo-EBP: You and Rao (2002), area by area
y <- log(s$income); Xs <- model.matrix(~ age + work, s); w <- s$weight
left <- matrix(0, 3, 3); right <- rep(0, 3)
for (a in unique(s$area)) {
  i <- s$area == a; wi <- w[i] / sum(w[i])
  g <- between / (between + within * sum(wi^2))
  xb <- colSums(wi * Xs[i, , drop = FALSE])
  for (j in which(i)) {
    left <- left + w[j] * (Xs[j, ] - g * xb) %*% t(Xs[j, ])
    right <- right + w[j] * (Xs[j, ] - g * xb) * y[j]
  }
}
beta <- solve(left, right)
for (k in 1:3) note(paste0("weighted_beta", k), beta[k])
effect <- rep(0, length(areas)); gamma <- rep(0, length(areas))
for (k in seq_along(areas)) {
  i <- s$area == areas[k]; if (!any(i)) next
  wi <- w[i] / sum(w[i])
  gamma[k] <- between / (between + within * sum(wi^2))
  effect[k] <- gamma[k] * (sum(wi * y[i]) - sum(colSums(wi * Xs[i, , drop = FALSE]) * beta))
}
weighted <- expected(beta, effect, gamma, between, within)
out$weighted_mean <- weighted$mean; out$weighted_head_count <- weighted$head_count
gm <- exp(mean(log(s$income)))
reml <- function(l) {
  s$z <- if (abs(l) < 1e-9) gm * log(s$income) else (s$income^l - 1) / (l * gm^(l - 1))
  as.numeric(logLik(exact(z ~ age + work + (1 | area), s)))
}
note("box_cox_power", optimize(reml, c(-1, 2), maximum = TRUE, tol = 1e-7)$maximum)
corn <- read.csv("county_crops.csv")
describe("corn", exact(corn_area ~ corn_pixel + soybeans_pixel + (1 | county_id), corn))
write.csv(format(summary, digits = 15), "ebp_summary.csv", row.names = FALSE, quote = FALSE)
write.csv(format(out, digits = 15), "ebp_areas.csv", row.names = FALSE, quote = FALSE)
