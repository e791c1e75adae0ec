# Comparison of units: stats, car, rstatix, lme4; ranks and funnels in closed form; importance.
by_unit <- function(y, g, f) named(tapply(y, g, f))
# The noncentralities at which F is the upper and the lower 5 % point (effectsize's search for them stops early
# where the lower one is zero).
eta2_interval <- function(F, df1, df2, level = .9) {
  at <- function(p) {
    gap <- function(l) pf(F, df1, df2, l) - p
    if (gap(0) <= 0) 0 else uniroot(gap, c(0, 10 * F * df1 + 100), tol = 1e-13)$root
  }
  l <- c(at((1 + level) / 2), at((1 - level) / 2)); l / (l + df2)  # the share in effectsize's way
}
omnibus <- function(y, g) {
  n <- length(y); k <- nlevels(g); size <- table(g); test <- kruskal.test(y, g); H <- unname(test$statistic)
  usable <- names(which(size >= 2 & tapply(y, g, var) > 0)); here <- g %in% usable
  w <- quiet({w <- oneway.test(y ~ g, data.frame(y = y[here], g = factor(g[here])))
    list(units = usable, F = unname(w$statistic), df1 = unname(w$parameter[1]), df2 = unname(w$parameter[2]), p = w$p.value)})
  lev <- quiet({l <- car::leveneTest(y, g, center = median); list(F = l[1, 2], df1 = l[1, 1], df2 = l[2, 1], p = l[1, 3])})
  a <- anova(lm(y ~ g)); msb <- a[1, 3]; msw <- a[2, 3]; F <- msb / msw; df <- a[, 1]
  n0 <- (n - sum(size^2) / n) / (k - 1); limit <- function(p) {q <- F / qf(p, df[1], df[2]); (q - 1) / (q + n0 - 1)}
  list(kruskal = list(H = H, df = k - 1, p = test$p.value, epsilon2 = H / (n - 1), eta2_H = (H - k + 1) / (n - k)),
    welch_usable_units = w, levene_median = lev,
    anova = list(F = F, df1 = df[1], df2 = df[2], p = a[1, 5], msb = msb, msw = msw, eta2 = a[1, 2] / sum(a[, 2]),
      omega2 = (a[1, 2] - df[1] * msw) / (sum(a[, 2]) + msw), n0 = n0, icc1 = (msb - msw) / (msb + (n0 - 1) * msw),
      icc2_reliability_of_mean = (msb - msw) / msb, icc1_F_ci95 = c(limit(.975), limit(.025)),
      eta2_ci90 = eta2_interval(F, df[1], df[2])))
}
dunn <- function(y, g) {
  d <- rstatix::dunn_test(data.frame(y = y, g = g), y ~ g, p.adjust.method = "holm")
  list(group1 = d$group1, group2 = d$group2, z = unname(d$statistic), p = unname(d$p), p_holm = unname(d$p.adj),
    note = "sign = second minus first")
}
games_howell <- function(y, g) {
  n <- as.numeric(table(g)); m <- tapply(y, g, mean); v <- as.numeric(tapply(y, g, var)); k <- nlevels(g)
  v[!is.na(v) & v < 1e-18] <- 0
  at <- combn(k, 2); a <- at[1, ]; b <- at[2, ]
  se2 <- v[a] / n[a] + v[b] / n[b]; se <- sqrt(se2); d <- as.numeric(m[a] - m[b]); t <- abs(d) / se
  df <- se2^2 / ((v[a] / n[a])^2 / (n[a] - 1) + (v[b] / n[b])^2 / (n[b] - 1))
  p <- suppressWarnings(ptukey(t * sqrt(2), k, df, lower.tail = FALSE)); q <- suppressWarnings(qtukey(.95, k, df)) / sqrt(2)
  pooled <- sqrt(((n[a] - 1) * v[a] + (n[b] - 1) * v[b]) / (n[a] + n[b] - 2)); free <- n[a] + n[b] - 2
  j <- 1 - 3 / (4 * free - 1)
  list(group1 = levels(g)[a], group2 = levels(g)[b], diff = d, se = se, t = t, df = df, p = p, ci_low = d - q * se,
    ci_high = d + q * se, hedges_g_pooled = j * d / pooled, note = "closed form with ptukey/qtukey; diff = group1 - group2")
}
random_intercept <- function(y, g) quiet({
  # nAGQ and control: the optimum is sought until the likelihood no longer changes.
  f <- lme4::lmer(y ~ 1 + (1 | g), data.frame(y = y, g = g), REML = TRUE,
    control = lme4::lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e5), check.conv.singular = "ignore"))
  tau2 <- as.numeric(lme4::VarCorr(f)$g); sigma2 <- sigma(f)^2; r <- lme4::ranef(f, condVar = TRUE)$g
  blup <- setNames(r[[1]], rownames(r)); error <- setNames(sqrt(as.numeric(attr(r, "postVar"))), rownames(r))
  list(intercept = unname(lme4::fixef(f)), se_intercept = sqrt(as.numeric(vcov(f))), tau2 = tau2, sigma2 = sigma2,
    icc = tau2 / (tau2 + sigma2), logLik = as.numeric(logLik(f)), blup = named(blup), blup_cond_sd = named(error),
    shrunken_mean = named(blup + lme4::fixef(f)))
})
ranking <- function(y, g, fit) {
  m <- unlist(fit$shrunken_mean); v <- unlist(fit$blup_cond_sd)^2; k <- length(m); n <- as.numeric(table(g))
  ahead <- outer(seq_len(k), seq_len(k), function(i, j) {
    s <- sqrt(v[i] + v[j]); ifelse(i == j, 0, ifelse(s > 0, pnorm((m[j] - m[i]) / s), ifelse(m[j] > m[i], 1, ifelse(m[j] < m[i], 0, .5))))
  })
  expected <- setNames(1 + rowSums(ahead), names(m)); mean_ <- tapply(y, g, mean)
  half <- suppressWarnings(qt(1 - .05 / (2 * k), n - 1) * tapply(y, g, sd) / sqrt(n))
  # A unit without an error of its own could be anywhere.
  half[is.na(half) | half == 0] <- Inf; low <- mean_ - half; high <- mean_ + half
  list(expected_rank_eb = named(expected), pcer = named(100 * (expected - .5) / k),
    rankability = fit$tau2 / (fit$tau2 + median(fit$sigma2 / n)), raw_rank = named(rank(-mean_)),
    klein_low = named(sapply(levels(g), function(u) 1 + sum(low > high[u]))),
    klein_high = named(sapply(levels(g), function(u) k - sum(high < low[u]))),
    note = "rank 1 = highest mean; joint ranges from Bonferroni t intervals")
}
funnels <- function(y, g) {
  n <- as.numeric(table(g)); target <- mean(y); msw <- anova(lm(y ~ g))[2, 3]
  z <- (tapply(y, g, mean) - target) / sqrt(msw / n); q <- quantile(z, c(.1, .9)); w <- pmin(pmax(z, q[1]), q[2])
  limit <- function(p) named(setNames(target + qnorm(p) * sqrt(msw / n), levels(g)))
  list(target = target, sigma2_within = msw, z = named(z), phi_unwinsorised = mean(z^2), phi_winsor10 = mean(w^2),
    lo95 = limit(.025), hi95 = limit(.975), lo998 = limit(.001), hi998 = limit(.999))
}
goldstein_healy <- function(y, g) {
  s <- tapply(y, g, sd) / sqrt(as.numeric(table(g))); s <- s[!is.na(s) & s > 1e-9]
  if (length(s) < 2) return(list(z = NaN))
  at <- combn(length(s), 2); shape <- (s[at[1, ]] + s[at[2, ]]) / sqrt(s[at[1, ]]^2 + s[at[2, ]]^2)
  list(z = uniroot(function(z) mean(2 * pnorm(-z * shape)) - .05, c(0, 10), tol = 1e-14)$root)
}
unit_statistics <- function(x, unit) {
  here <- complete.cases(x) & !is.na(unit); y <- 25 * rowMeans(x[here, ]); g <- factor(unit[here])
  lmer <- random_intercept(y, g)
  c(list(outcome = "rowmean*25 (complete rows only)", groups = levels(g), n = by_unit(y, g, length), mean = by_unit(y, g, mean),
      median = by_unit(y, g, median)), omnibus(y, g),
    list(dunn_rstatix = dunn(y, g), games_howell_exact = games_howell(y, g), lmer_reml = lmer,
      ranks = quiet(ranking(y, g, lmer)), funnel = funnels(y, g), goldstein_healy = goldstein_healy(y, g)))
}
# Shapley shares of R2 over all orders of the predictors: the last item on the others.
importance_statistics <- function(x) {
  x <- x[complete.cases(x), ]; k <- ncol(x) - 1; R <- cor(x)
  r2 <- function(s) if (length(s)) as.numeric(R[k + 1, s] %*% solve(R[s, s, drop = FALSE], R[s, k + 1])) else 0
  every <- lapply(0:(2^k - 1), function(b) which(bitwAnd(b, 2^(0:(k - 1))) > 0)); value <- sapply(every, r2)
  share <- sapply(seq_len(k), function(i) sum(sapply(seq_along(every), function(b) {
    s <- every[[b]]; if (i %in% s) return(0)
    size <- length(s); factorial(size) * factorial(k - size - 1) / factorial(k) * (value[b + 2^(i - 1)] - value[b])
  })))
  list(outcome = names(x)[k + 1], predictors = names(x)[-(k + 1)], lmg = named(setNames(share, names(x)[-(k + 1)])),
    r2 = value[length(value)])
}
