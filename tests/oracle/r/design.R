# How answers were collected: margins of a register, clusters, modes (survey, lme4).
graded <- function(latent, cuts, loading = .7, items = 9) {
  n <- length(latent)
  y <- matrix(loading * rep(latent, items) + sqrt(1 - loading^2) * rnorm(n * items), n, items)
  setNames(as.data.frame(1 + Reduce(`+`, lapply(cuts, function(cut) y > cut))), paste0("U", seq_len(items)))
}
weighted_index <- function(design, items) 25 * mean(sapply(items, function(j) coef(survey::svymean(reformulate(j), design, na.rm = TRUE))))
linearised <- function(x, w) {
  u <- sapply(x, function(v) { r <- !is.na(v); m <- sum(w[r] * v[r]) / sum(w[r]); ifelse(r, (v - m) * sum(w) / sum(w[r]), 0) })
  25 * rowMeans(u)
}
# Margins of the register, with the share of those who stated nothing kept.
with_open <- function(stated, users, N) {
  open <- sum(stated == "open"); known <- users / sum(users) * N * (1 - open / length(stated))
  if (open) c(known, open = N * open / length(stated)) else known
}
register_statistics <- function(x, traits, users, N, level = .975) {
  n <- nrow(x); items <- names(x)
  for (t in names(traits)) traits[[t]] <- ifelse(is.na(traits[[t]]), "open", traits[[t]])
  d <- cbind(x, lapply(traits, factor)); d$w <- N / n; d$N <- N
  totals <- lapply(names(traits), function(t) with_open(traits[[t]], unlist(users[[t]]), N)); names(totals) <- names(traits)
  margins <- lapply(names(totals), function(t) setNames(data.frame(names(totals[[t]]), as.numeric(totals[[t]])), c(t, "Freq")))
  population <- c(`(Intercept)` = N, unlist(lapply(names(totals), function(t) {
    v <- totals[[t]][levels(d[[t]])][-1]; setNames(v, paste0(t, levels(d[[t]])[-1])) })))
  of <- function(base) {
    raked <- survey::rake(base, lapply(names(totals), reformulate), margins, control = list(maxit = 5000, epsilon = 1e-14, verbose = FALSE))
    calibrated <- survey::calibrate(base, reformulate(names(totals)), population, calfun = "raking", epsilon = 1e-13, maxit = 500)
    list(raked = raked, calibrated = calibrated)
  }
  fpc <- of(survey::svydesign(ids = ~1, weights = ~w, fpc = ~N, data = d))
  free <- of(survey::svydesign(ids = ~1, weights = ~w, data = d))
  with_u <- function(design) { u <- linearised(x, weights(design)); update(design, u = u) }
  one <- function(design) {
    m <- survey::svymean(~u, with_u(design)); index <- weighted_index(design, items); se <- as.numeric(survey::SE(m))
    list(index = index, se = se, ci = index + c(-1, 1) * qt(level, n - 1) * se)
  }
  w <- weights(free$calibrated); w <- w / mean(w)
  list(n = n, N = N, unweighted = 25 * mean(colMeans(x, na.rm = TRUE)), rake = one(fpc$raked), calibrate = one(fpc$calibrated),
    calibrate_without_fpc = one(free$calibrated), rake_weights_gap = max(abs(weights(free$raked) / mean(weights(free$raked)) - w)),
    kish = n * sum(w^2) / sum(w)^2, deff = as.numeric(survey::deff(survey::svymean(~u, with_u(free$calibrated), deff = "replace"))),
    weight_range = range(w), weights = w)
}
# The index where answers of one cluster resemble one another.
cluster_statistics <- function(x, cluster, level = .975) {
  n <- nrow(x); d <- data.frame(u = linearised(x, rep(1, n)), score = 25 * rowMeans(x), cluster = cluster)
  index <- 25 * mean(colMeans(x, na.rm = TRUE)); groups <- length(unique(cluster)); df <- n^2 / sum(table(cluster)^2) - 1
  clustered <- survey::svymean(~u, survey::svydesign(ids = ~cluster, weights = ~1, data = d))
  alone <- survey::svymean(~u, survey::svydesign(ids = ~1, weights = ~1, data = d))
  se <- as.numeric(survey::SE(clustered))
  variances <- function(formula, rows) {
    fit <- lme4::lmer(formula, d[rows, ], REML = TRUE, control = lme4::lmerControl(optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14)))
    v <- as.data.frame(lme4::VarCorr(fit))$vcov; list(tau2 = v[1], sigma2 = v[2], icc = v[1] / sum(v))
  }
  list(n = n, clusters = groups, index = index, se = se, df = df, ci = index + c(-1, 1) * qt(level, df) * se,
    deff = (se / as.numeric(survey::SE(alone)))^2, lmer = variances(u ~ 1 + (1 | cluster), seq_len(n)))
}
# Two ways of asking within the units that used both, by lm and svyglm.
mode_contrast <- function(x, unit, mode, sex, age, pair) {
  d <- na.omit(data.frame(score = 25 * rowMeans(x), unit, mode, sex, age)); d <- d[d$mode %in% pair, ]
  counts <- table(d$unit, factor(d$mode, pair)); d <- d[d$unit %in% rownames(counts)[apply(counts >= 5, 1, all)], ]
  d$first <- as.numeric(d$mode == pair[1]); f <- score ~ first + unit + sex + age
  plain <- lm(f, d); robust <- survey::svyglm(f, survey::svydesign(ids = ~1, weights = ~1, data = d))
  s <- summary(robust)$coefficients["first", ]
  list(pair = pair, n = nrow(d), units = length(unique(d$unit)), lm = unname(coef(plain)["first"]), lm_se = summary(plain)$coefficients["first", 2],
    df = plain$df.residual, estimate = s[[1]], se = s[[2]], p = 2 * pt(-abs(s[[1]] / s[[2]]), plain$df.residual),
    plain = mean(d$score[d$first == 1]) - mean(d$score[d$first == 0]))
}
