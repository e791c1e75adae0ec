# Polychoric correlations and one-factor models: psych, lavaan, semTools.
tight <- function(x) {  # two-step polychoric: thresholds of the pair, correlation by tight maximisation
  k <- ncol(x); out <- diag(k); colnames(out) <- names(x)
  one <- function(a, b) {
    tab <- table(a, b); n <- sum(tab); if (min(dim(tab)) < 2) return(NA)
    h <- c(-Inf, qnorm(cumsum(rowSums(tab)) / n)); v <- c(-Inf, qnorm(cumsum(colSums(tab)) / n))
    h[length(h)] <- Inf; v[length(v)] <- Inf
    loss <- function(rho) {
      P <- outer(h, v, Vectorize(function(s, t) pbivnorm::pbivnorm(min(max(s, -9), 9), min(max(t, -9), 9), rho)))
      cells <- diff(t(diff(P))); -sum(t(tab) * log(pmax(cells, 1e-300)))
    }
    optimize(loss, c(-.9999, .9999), tol = 1e-12)$minimum
  }
  for (i in 2:k) for (j in 1:(i - 1)) out[i, j] <- out[j, i] <- one(x[[i]], x[[j]])
  out
}
minres <- function(R, n) quiet({f <- psych::fa(R, n.obs = n, fm = "minres")
  list(loadings = named(f$loadings[, 1]), uniquenesses = named(setNames(f$uniquenesses, rownames(f$loadings))), rms = f$rms)})
polychoric_statistics <- function(x) {
  R <- quiet(tight(x)); if (is.list(R)) return(R)
  if (anyNA(R)) return(list(two_step_tight = grid(R)))
  values <- eigen(R, symmetric = TRUE)$values; k <- ncol(R)
  list(two_step_tight = grid(R), min_eigenvalue = min(values), eigenvalues = values,
    ordinal_alpha = list(alpha = k / (k - 1) * (1 - k / sum(R))),
    kmo = quiet({m <- psych::KMO(R); list(overall = m$MSA)}), efa = list(minres = minres(R, sum(complete.cases(x)))))
}
INDICES <- c("npar", "chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "srmr",
  "chisq.scaled", "df.scaled", "pvalue.scaled", "chisq.scaling.factor", "cfi.scaled", "tli.scaled", "rmsea.scaled",
  "rmsea.ci.lower.scaled", "rmsea.ci.upper.scaled", "cfi.robust", "tli.robust", "rmsea.robust", "rmsea.ci.lower.robust",
  "rmsea.ci.upper.robust")
fit_of <- function(f) {m <- lavaan::fitMeasures(f); as.list(m[intersect(INDICES, names(m))])}
estimates <- function(f) {
  s <- lavaan::standardizedSolution(f); s <- s[s$op == "=~", ]
  p <- lavaan::parameterEstimates(f); p <- p[p$op == "=~", ]
  list(n = lavaan::lavInspect(f, "nobs"), fit = fit_of(f), std_loadings = named(setNames(s$est.std, s$rhs)),
    std_se = named(setNames(s$se, s$rhs)), unstd_loadings = named(setNames(p$est, p$rhs)), unstd_se = named(setNames(p$se, p$rhs)))
}
one_factor <- function(v) paste("f =~", paste(v, collapse = " + "))
sharp <- list(iter.max = 5000)
# Omega as a defined parameter of the model, so that lavaan gives its error by the delta method.
omega_model <- function(v) {
  l <- paste0("l", seq_along(v)); e <- paste0("e", seq_along(v))
  paste0("f =~ ", paste0("NA*", v, "+", l, "*", v, collapse = " + "), "\nf ~~ 1*f\n", paste0(v, "~~", e, "*", v, collapse = "\n"),
    "\nomega := (", paste(l, collapse = "+"), ")^2/((", paste(l, collapse = "+"), ")^2+", paste(e, collapse = "+"), ")")
}
reliability_of <- function(f, ...) quiet(as.list(semTools::compRelSEM(f, ...)))
cfa_statistics <- function(x) {
  v <- names(x); x <- x[complete.cases(x), ]
  ml <- quiet({f <- lavaan::cfa(one_factor(v), x, estimator = "ML", std.lv = TRUE, control = sharp)
    m <- lavaan::modificationIndices(f, op = "~~", sort. = TRUE)[1:10, ]
    c(estimates(f), list(omega_semTools = reliability_of(f, obs.var = TRUE), mi_top = list(lhs = m$lhs, rhs = m$rhs, mi = m$mi)))})
  delta <- quiet({p <- lavaan::parameterEstimates(lavaan::cfa(omega_model(v), x, estimator = "ML", control = sharp))
    p <- p[p$op == ":=", ]; list(omega = p$est, se = p$se, ci95 = c(p$ci.lower, p$ci.upper))})
  mlr <- quiet(estimates(lavaan::cfa(one_factor(v), x, estimator = "MLR", std.lv = TRUE, control = sharp)))
  wlsmv <- quiet({f <- lavaan::cfa(one_factor(v), x, ordered = v, estimator = "WLSMV", std.lv = TRUE, control = sharp)
    out <- estimates(f); q <- unlist(out$std_loadings)
    c(out, list(cr_ordinal_green_yang = reliability_of(f, obs.var = TRUE),
      cr_ordinal_green_yang_implied = reliability_of(f, obs.var = FALSE), ave_closed = mean(q^2),
      cr_closed = sum(q)^2 / (sum(q)^2 + sum(1 - q^2))))})
  list(ml = ml, ml_omega_delta = delta, mlr = mlr, wlsmv = wlsmv)
}
factor_statistics <- function(x) {
  whole <- x[complete.cases(x), ]
  list(efa_pearson = list(minres = minres(suppressWarnings(cor(whole)), nrow(whole))),
    polychoric = polychoric_statistics(x), cfa = cfa_statistics(x))
}
