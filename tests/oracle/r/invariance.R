# Items that units answer differently (ordinal), and four levels of invariance (lavaan).
differential <- function(x, unit) {
  n <- nrow(x); unit <- factor(unit); out <- list(); items <- names(x)
  for (i in items) {
    y <- factor(x[[i]]); rest <- rowSums(x[, setdiff(items, i)])
    fit <- function(f) as.numeric(logLik(ordinal::clm(f, control = list(gradTol = 1e-10, maxIter = 500))))
    l0 <- fit(y ~ 1); l1 <- fit(y ~ rest); l2 <- fit(y ~ rest + unit); l3 <- fit(y ~ rest * unit)
    r2 <- function(l) (1 - exp(-2 * (l - l0) / n)) / (1 - exp(2 * l0 / n))
    m <- ordinal::clm(y ~ rest + unit)
    df <- nlevels(unit) - 1
    out[[i]] <- list(uniform = 2 * (l2 - l1), nonuniform = 2 * (l3 - l2), both = 2 * (l3 - l1), df = df,
      p_both = pchisq(2 * (l3 - l1), 2 * df, lower.tail = FALSE), r2 = r2(l3) - r2(l1), slope = unname(coef(m)["rest"]),
      level = named(c(0, coef(m)[grep("^unit", names(coef(m)))])), logLik = c(l0, l1, l2, l3))
  }
  p <- p.adjust(sapply(out, `[[`, "p_both"), "BH")
  for (i in items) out[[i]]$p_bh <- unname(p[i])
  out
}
# The four levels of the ordinal model: Wu and Estabrook's identification, written out (delta parameterisation).
ordinal_levels <- function(x, unit) {
  d <- cbind(x, unit = unit); g <- length(unique(unit)); v <- names(x); cats <- max(x) - 1
  rep_na <- function(first) paste0("c(", first, ",", paste(rep("NA", g - 1), collapse = ","), ")")
  same <- function(name) paste0("c(", paste(rep(name, g), collapse = ","), ")")
  each <- function(name) paste0("c(", paste0(name, "_", seq_len(g), collapse = ","), ")")
  text <- function(level) {
    at <- match(level, c("configural", "thresholds", "metric", "scalar"))
    th <- paste0(rep(v, each = cats), "|", sapply(rep(v, each = cats), function(i) ""),
      paste0(if (at >= 2) sapply(paste0("t", rep(seq_along(v), each = cats), "_", 1:cats), same) else
        sapply(paste0("t", rep(seq_along(v), each = cats), "_", 1:cats), each)), "*t", 1:cats)
    lo <- paste0("f =~ ", paste0(rep_na("NA"), "*", v, " + ", if (at >= 3) sapply(paste0("l", seq_along(v)), same) else
      sapply(paste0("l", seq_along(v)), each), "*", v, collapse = " + "))
    sc <- paste0(v, " ~*~ ", if (at >= 2) rep_na(1) else same(1), "*", v)
    me <- paste0(v, " ~ ", if (at %in% 2:3) rep_na(0) else same(0), "*1")
    va <- paste0("f ~~ ", if (at >= 3) rep_na(1) else same(1), "*f")
    mu <- paste0("f ~ ", if (at == 4) rep_na(0) else same(0), "*1")
    paste(c(th, lo, sc, me, va, mu), collapse = "\n")
  }
  fits <- lapply(c("configural", "thresholds", "metric", "scalar"), function(level)
    lavaan::lavaan(text(level), d, group = "unit", ordered = v, estimator = "WLSMV", parameterization = "delta"))
  names(fits) <- c("configural", "thresholds", "metric", "scalar")
  tested(fits)
}
tested <- function(fits) {
  t <- lavaan::lavTestLRT(fits[[1]], fits[[2]], fits[[3]], fits[[4]])
  list(levels = names(fits), fit = lapply(fits, fit_of),
    lr = list(chisq_diff = t[["Chisq diff"]], df_diff = t[["Df diff"]], p = t[["Pr(>Chisq)"]]))
}
# The four levels by maximum likelihood, of any model.
normal_levels <- function(x, unit, model) {
  equal <- list(configural = "none", metric = "loadings", scalar = c("loadings", "intercepts"),
    strict = c("loadings", "intercepts", "residuals"))
  tested(lapply(equal, function(e)
    lavaan::cfa(model, cbind(x, unit = unit), group = "unit", estimator = "ML", group.equal = e, control = sharp)))
}
