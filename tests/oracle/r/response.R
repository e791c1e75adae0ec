# The graded response model: ltm (21 points of Gauss and Hermite; with 61 it does not converge), then the likelihood pushed to the top over 61 equal points, as closely as
# arithmetic allows. Information and expected answers are written out.
.libPaths(c(.libPaths(), Sys.getenv("R_LTM_LIB")))
POINTS <- seq(-6, 6, length.out = 61); MASS <- dnorm(POINTS) / sum(dnorm(POINTS))
category <- function(a, d) { up <- plogis(outer(POINTS, d, function(t, dd) a * t + dd)); cbind(1, up) - cbind(up, 0) }
graded_rows <- function(par, x, cats) {
  at <- 0; logs <- matrix(0, nrow(x), length(POINTS))
  for (j in seq_along(cats)) {
    p <- par[at + seq_len(cats[j])]; at <- at + cats[j]; l <- t(log(category(p[1], p[-1])))
    seen <- !is.na(x[[j]]); logs[seen, ] <- logs[seen, ] + l[x[[j]][seen], ]
  }
  as.numeric(log(exp(logs) %*% MASS))
}
# Gradient of every row's log-likelihood, a column a parameter.
graded_scores <- function(par, x, cats) {
  logs <- matrix(0, nrow(x), length(POINTS)); at <- c(0, cumsum(cats))
  for (j in seq_along(cats)) { p <- par[(at[j] + 1):at[j + 1]]; l <- t(log(category(p[1], p[-1]))); seen <- !is.na(x[[j]])
    logs[seen, ] <- logs[seen, ] + l[x[[j]][seen], ] }
  w <- exp(logs) %*% diag(MASS); w <- w / rowSums(w)
  do.call(cbind, lapply(seq_along(cats), function(j) {
    p <- par[(at[j] + 1):at[j + 1]]; s <- plogis(outer(POINTS, p[-1], function(t, dd) p[1] * t + dd)); q <- s * (1 - s); P <- category(p[1], p[-1])
    by_d <- function(c) { g <- matrix(0, length(POINTS), cats[j]); g[, c + 1] <- q[, c]; g[, c] <- g[, c] - q[, c]; g / P }
    slopes <- c(list((cbind(0, q) - cbind(q, 0)) * POINTS / P), lapply(seq_len(cats[j] - 1), by_d)); seen <- !is.na(x[[j]])
    sapply(slopes, function(g) { v <- rep(0, nrow(x)); v[seen] <- rowSums(w[seen, ] * t(g)[x[[j]][seen], ]); v })
  }))
}
graded_model <- function(x) {
  items <- names(x); cats <- sapply(x, max, na.rm = TRUE)
  # ltm drops nobody: missing answers are passed over.
  fit <- suppressMessages(ltm::grm(x, IRT.param = TRUE, control = list(GHk = 21, iter.qN = 500)))
  start <- unlist(lapply(items, function(j) { b <- fit$coefficients[[j]]; a <- b[length(b)]; c(a, -b[-length(b)]) }))
  # ltm has intercepts beta_c with P(<= c) = plogis(beta_c - a theta), whatever IRT.param prints.
  minus <- function(p) { v <- -sum(graded_rows(p, x, cats)); if (is.finite(v)) v else 1e10 }
  slope <- function(p) -colSums(graded_scores(p, x, cats))
  best <- optim(start, minus, slope, method = "BFGS", control = list(reltol = 1e-15, maxit = 500))$par
  for (i in 1:4) { H <- sapply(seq_along(best), function(k) { e <- replace(0 * best, k, 1e-5); (slope(best + e) - slope(best - e)) / 2e-5 })
    best <- best - solve((H + t(H)) / 2, slope(best)) }
  at <- c(0, cumsum(cats)); a <- best[at[seq_along(items)] + 1]; names(a) <- items
  d <- lapply(seq_along(items), function(j) best[(at[j] + 2):at[j + 1]]); names(d) <- items
  scores <- graded_scores(best, x, cats)
  theta <- seq(-3, 3, .5)
  info <- sapply(seq_along(items), function(j) { s <- plogis(outer(theta, d[[j]], function(t, dd) a[j] * t + dd)); s0 <- cbind(1, s, 0)
    q <- cbind(0, a[j] * s * (1 - s), 0); m <- ncol(q); rowSums((q[, -m] - q[, -1])^2 / (s0[, -m] - s0[, -1])) })
  mean_answer <- rowMeans(sapply(seq_along(items), function(j) {
    s <- plogis(outer(theta, d[[j]], function(t, dd) a[j] * t + dd)); 1 + rowSums(s) }))
  list(log_likelihood = -minus(best), discrimination = as.list(a), intercepts = d, se_cross = as.list(setNames(
    sqrt(diag(solve(crossprod(scores))))[at[seq_along(items)] + 1], items)), theta = theta, information = unname(split(info, col(info))),
    test_information = rowSums(info), mean_answer = mean_answer,
    ltm = list(log_likelihood = fit$log.Lik, discrimination = lapply(fit$coefficients, function(b) unname(b[length(b)])),
      version = as.character(packageVersion("ltm"))))
}
