# Two years of one city: change of each unit, units adjusted for who answered, equity, alpha within units.
year_on_year <- function(now, before, bound = 2.5) {
  units <- levels(now$unit)
  rows <- lapply(units, function(u) {
    a <- now$y[now$unit == u]; b <- before$y[before$unit == u]; na <- length(a); nb <- length(b)
    t <- t.test(a, b); d <- mean(a) - mean(b); se <- unname(t$stderr); df <- unname(t$parameter)
    pooled <- sqrt(((na - 1) * var(a) + (nb - 1) * var(b)) / (na + nb - 2)); free <- na + nb - 2
    tost <- max(pt((d + bound) / se, df, lower.tail = FALSE), pt((d - bound) / se, df))
    reach <- qt(.95, df) * se
    c(n1 = na, n0 = nb, diff = d, se = se, df = df, ci_low = t$conf.int[1], ci_high = t$conf.int[2], p = t$p.value,
      hedges_g = (1 - 3 / (4 * free - 1)) * d / pooled, cliff_delta = mean(sign(outer(a, b, "-"))), tost_p = tost,
      ci90_low = d - reach, ci90_high = d + reach)
  })
  out <- as.list(as.data.frame(do.call(rbind, rows)))
  c(list(unit = units), out, list(tost_bound = bound, p_holm = p.adjust(out$p, "holm"), p_bh = p.adjust(out$p, "BH")))
}
adjusted <- function(d) {
  f <- lme4::lmer(y ~ sex + agec + education + (1 | unit), d, REML = TRUE,
    control = lme4::lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e5)))
  r <- lme4::ranef(f, condVar = TRUE)$unit
  list(formula = "y ~ sex + agec + education + (1|unit), REML; agec = (age - 40)/10; reference L, SD",
    coef = named(lme4::fixef(f)), se = named(setNames(sqrt(diag(as.matrix(vcov(f)))), names(lme4::fixef(f)))),
    tau2 = as.numeric(lme4::VarCorr(f)$unit), sigma2 = sigma(f)^2, blup = named(setNames(r[[1]], rownames(r))),
    blup_sd = named(setNames(sqrt(as.numeric(attr(r, "postVar"))), rownames(r))))
}
cumulative <- function(formula, d) {
  f <- ordinal::clm(formula, data = d, control = list(gradTol = 1e-10, maxIter = 500))
  list(est = named(coef(f)), se = named(sqrt(diag(vcov(f)))), logLik = as.numeric(logLik(f)))
}
between_groups <- function(y, g) {
  g <- factor(g)
  c(list(groups = levels(g), n = by_unit(y, g, length), mean = by_unit(y, g, mean)), omnibus(y, g)["kruskal"],
    list(games_howell_exact = games_howell(y, g)))
}
within_units <- function(x, unit) {
  centred <- as.data.frame(lapply(x, function(v) v - ave(v, unit)))
  list(alpha_total = closed_alpha(cov(x)), alpha_within_centred = closed_alpha(cov(centred)),
    alpha_between_unit_means = closed_alpha(cov(aggregate(x, list(unit), mean)[-1])))
}
# Units are strata: three weightings, without and with the number of service users.
city <- function(y, unit, people) {
  d <- data.frame(y = y, unit = unit, N = people[as.character(unit)]); n <- table(unit)
  one <- function(weight, fpc) {
    d$w <- as.numeric(weight)
    design <- if (fpc) survey::svydesign(ids = ~1, strata = ~unit, weights = ~w, fpc = ~N, data = d)
      else survey::svydesign(ids = ~1, strata = ~unit, weights = ~w, data = d)
    m <- survey::svymean(~y, design); ci <- confint(m, df = survey::degf(design))
    list(mean = as.numeric(coef(m)), se = as.numeric(survey::SE(m)), degf = survey::degf(design), lower = ci[1], upper = ci[2])
  }
  own <- as.numeric(n[as.character(unit)])
  both <- function(weight) list(plain = one(weight, FALSE), fpc = one(weight, TRUE))
  list("mean-of-units" = both(1 / own), pooled = both(rep(1, length(y))), "population-weighted" = both(d$N / own))
}
