# Reference for socialstats.smallarea.fay_herriot: base R, dense matrices, likelihood of error contrasts.
# Rscript fay_herriot.R  →  fay_herriot.csv, fay_herriot_summary.csv
options(digits = 17)
d <- read.csv("milk.csv")
y <- d$direct_est
D <- d$std_error^2
X <- model.matrix(~factor(major_area), d)
m <- nrow(X); p <- ncol(X)
K <- qr.Q(qr(X), complete = TRUE)[, (p + 1):m]
normal <- function(z, V) { R <- chol(V); -sum(log(diag(R))) - sum(backsolve(R, z, transpose = TRUE)^2) / 2 }
restricted <- function(A) normal(crossprod(K, y), crossprod(K, (A + D) * K))
full <- function(A) {
  W <- diag(1 / (A + D)); b <- solve(t(X) %*% W %*% X, t(X) %*% W %*% y)
  sum(dnorm(y, X %*% b, sqrt(A + D), log = TRUE))
}
slope <- function(f) function(A) (f(A + 1e-5) - f(A - 1e-5)) / 2e-5
A <- c(reml = uniroot(slope(restricted), c(0.005, 0.05), tol = 1e-13)$root,
       ml = uniroot(slope(full), c(0.005, 0.05), tol = 1e-13)$root,
       fh = uniroot(function(A) { W <- diag(1 / (A + D)); r <- y - X %*% solve(t(X) %*% W %*% X, t(X) %*% W %*% y)
              sum(r^2 / (A + D)) - (m - p) }, c(0.001, 0.05), tol = 1e-14)$root)
H <- X %*% solve(crossprod(X), t(X))
r <- y - H %*% y
A["pr"] <- (sum(r^2) - sum(D * (1 - diag(H)))) / (m - p)
out <- data.frame(area = d$small_area)
summary <- data.frame(name = character(), value = numeric())
note <- function(name, value) summary[nrow(summary) + 1, ] <<- list(name, value)
for (k in names(A)) {
  a <- A[[k]]; V <- a + D; B <- D / V
  Q <- solve(t(X / V) %*% X)
  b <- Q %*% t(X / V) %*% y
  g1 <- a * D / V
  g2 <- B^2 * diag(X %*% Q %*% t(X))
  var <- switch(k, reml = , ml = 2 / sum(V^-2), fh = 2 * m / sum(1 / V)^2, pr = 2 * sum(V^2) / m^2)
  g3 <- D^2 / V^3 * var
  bias <- switch(k, reml = , pr = 0, ml = -sum(diag(Q %*% (t(X / V^2) %*% X))) / sum(V^-2),
                 fh = 2 * (m * sum(V^-2) - sum(1 / V)^2) / sum(1 / V)^3)
  out[[paste0(k, "_eblup")]] <- as.vector(X %*% b + (1 - B) * (y - X %*% b))
  out[[paste0(k, "_mse")]] <- g1 + g2 + 2 * g3 - bias * B^2
  note(paste0(k, "_A"), a)
  for (j in 1:p) note(paste0(k, "_beta", j), b[j])
}
write.csv(format(out, digits = 15), "fay_herriot.csv", row.names = FALSE, quote = FALSE)
write.csv(format(summary, digits = 15), "fay_herriot_summary.csv", row.names = FALSE, quote = FALSE)
