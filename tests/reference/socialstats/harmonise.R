# Reference for socialstats.harmonise. Rscript harmonise.R  →  harmonise.csv
options(digits = 17)
out <- data.frame(name = character(), value = numeric())
note <- function(name, value) out[nrow(out) + 1, ] <<- list(name, value)
cases <- c(0, 1, 7, 25, 40); size <- c(40, 120, 350, 900, 40)
for (k in seq_along(cases)) {
  b <- binom.test(cases[k], size[k])$conf.int; p <- poisson.test(cases[k], size[k])$conf.int
  note(paste0("share_low", k), b[1]); note(paste0("share_high", k), b[2])
  note(paste0("events_low", k), p[1]); note(paste0("events_high", k), p[2])
}
cases <- c(3, 11, 4, 25, 8, 0, 14, 9); size <- c(400, 700, 650, 900, 300, 250, 1000, 420)
nb <- function(x) { m <- exp(x[1]); w <- exp(x[2]); -sum(dnbinom(cases, size = m * w, prob = w / (w + size), log = TRUE)) }
fit <- optim(c(log(sum(cases) / sum(size)), 5), nb, control = list(reltol = 1e-15, maxit = 5000))
note("gamma_mean", exp(fit$par[1])); note("gamma_weight", exp(fit$par[2]))
bb <- function(x) { m <- plogis(x[1]); w <- exp(x[2])
  -sum(lchoose(size, cases) + lbeta(cases + m * w, size - cases + (1 - m) * w) - lbeta(m * w, (1 - m) * w)) }
fit <- optim(c(qlogis(sum(cases) / sum(size)), 5), bb, control = list(reltol = 1e-15, maxit = 5000))
note("beta_mean", plogis(fit$par[1])); note("beta_weight", exp(fit$par[2]))
year <- 2018:2024; value <- c(21.3, 20.1, 20.9, 19.4, 19.6, 18.2, 18.5); se <- c(0.9, 0.8, 1.1, 0.7, 0.9, 1.2, 0.8)
fit <- summary(lm(value ~ year, weights = 1 / se^2))
note("slope", fit$coefficients[2, 1]); note("slope_se", fit$coefficients[2, 2] / fit$sigma)
note("heterogeneity", pchisq(fit$sigma^2 * 5, 5, lower.tail = FALSE))
note("kendall_p", cor.test(year, value, method = "kendall", exact = TRUE)$p.value)
m <- as.matrix(mtcars[, c("mpg", "hp", "wt", "qsec")])
write.csv(format(as.data.frame(m), digits = 15), "mtcars.csv", row.names = FALSE, quote = FALSE)
z <- scale(cbind(-m[, 1], m[, 2], m[, 3], -m[, 4]))
pc <- prcomp(z)
for (k in 1:4) note(paste0("pca_weight", k), pc$rotation[k, 1]^2)
note("pca_explained", pc$sdev[1]^2 / sum(pc$sdev^2))
note("alpha", { r <- cor(z); 4 / 3 * (1 - 4 / sum(r)) })
tree <- cutree(hclust(dist(z), "ward.D2"), 3)
for (k in 1:32) note(paste0("ward", k), tree[k])
note("silhouette", { s <- cluster::silhouette(tree, dist(z)); mean(s[, 3]) })
write.csv(format(out, digits = 15), "harmonise.csv", row.names = FALSE, quote = FALSE)
