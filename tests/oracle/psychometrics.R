# Awkward answers made from a seed, and what R says about them.
#
#     Rscript tests/oracle/psychometrics.R      (psych, lavaan, ordinal, jsonlite)
#
# Writes, beside this script, a folder a set with data.csv and results.json, in the shape of the reference
# results. Nothing here is read by the product; tests hold the product's numbers against these.
#
#   31_repeated_item    U9 repeats U8 exactly: the correlation matrix is singular
#   32_empty_category   nobody ever answered 2, and nobody answered U4 with 1 either
#   33_four_units       four units; U3 is easier in unit d, U6 discriminates less in unit c
suppressPackageStartupMessages({library(psych); library(lavaan); library(ordinal); library(jsonlite)})
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
items <- paste0("U", 1:9)

answers <- function(n, loading = 0.7, cuts = c(-1.8, -1.0, 0.3)) {
  latent <- matrix(loading * rep(rnorm(n), 9) + sqrt(1 - loading^2) * rnorm(n * 9), n, 9)
  out <- as.data.frame(1 + (latent > cuts[1]) + (latent > cuts[2]) + (latent > cuts[3]))
  names(out) <- items
  out
}
quiet <- function(expr) {
  said <- character()
  value <- tryCatch(withCallingHandlers(expr, warning = function(w) {
    said <<- c(said, conditionMessage(w)); invokeRestart("muffleWarning")
  }), error = function(e) list(error = conditionMessage(e)))
  if (length(said) && is.list(value)) value$warnings <- unique(said)
  value
}
named <- function(x) as.list(setNames(as.numeric(x), names(x)))
grid <- function(m) list(names = colnames(m), values = unname(m))

# ---- closed forms and psych --------------------------------------------------------------------------
hall <- function(x, level = 0.95) {
  n <- length(x); m <- mean(x); s <- sqrt(mean((x - m)^2)); g <- mean((x - m)^3) / s^3
  t <- qt(c((1 + level) / 2, (1 - level) / 2), n - 1)
  root <- function(v) sign(v) * abs(v)^(1 / 3)
  m - s * (3 / g) * (root(1 + g * (t / sqrt(n) - g / (6 * n))) - 1)
}
adf <- function(x) {
  n <- nrow(x); k <- ncol(x); C <- cov(x); T <- sum(C); tr <- sum(diag(C)); d <- scale(x, scale = FALSE)
  a <- k / (k - 1) * (1 - tr / T)
  f <- k / (k - 1) * (-(rowSums(d^2) - tr) / T + tr * (rowSums(d)^2 - T) / T^2)
  se <- sd(f) / sqrt(n); z <- qnorm(.975)
  bonett <- 1 - exp(log(1 - a) + c(1, -1) * z * sqrt(2 * k / ((k - 1) * (n - 2))))
  list(alpha = a, adf_se = se, adf_ci95 = a + c(-1, 1) * z * se, bonett2002_ci95 = bonett)
}
halves <- function(x) {
  a <- rowSums(x[, c(1, 3, 5, 7, 9)]); b <- rowSums(x[, c(2, 4, 6, 8)]); r <- cor(a, b); p <- 5 / 9; q <- 4 / 9
  list(odd_even = list(r_halves = r, spearman_brown = 2 * r / (1 + r),
       horst_unequal = (sqrt(r^4 + 4 * r^2 * (1 - r^2) * p * q) - r^2) / (2 * p * q * (1 - r^2)),
       guttman_flanagan_lambda4 = 4 * cov(a, b) / var(a + b)),
       all_cov = {v <- apply(combn(9, 4), 2, function(s) 4 * sum(cov(x)[s, -s]) / sum(cov(x)))
         list(max = max(v), min = min(v), mean = mean(v))})
}
closed <- function(x) {
  n <- nrow(x); k <- ncol(x); C <- cov(x); T <- sum(C); off <- C - diag(diag(C))
  al <- quiet(psych::alpha(x)); total <- rowSums(x); r <- sapply(x, function(v) cor(v, total))
  lambda6 <- tryCatch({R <- cov2cor(C); 1 - sum(1 / diag(solve(R))) / sum(R)}, error = function(e) NaN)
  t <- r * sqrt((n - 2) / (1 - r^2)); tab <- function(p) qt(p, n - 2) / sqrt(n - 2 + qt(p, n - 2)^2)
  alpha <- sum(off) / T * k / (k - 1)
  kmo <- quiet({m <- KMO(x); list(overall = m$MSA, items = named(m$MSAi))})
  test <- quiet({b <- cortest.bartlett(cor(x), n); list(chisq = b$chisq, df = b$df, p = b$p.value)})
  list(
    descriptives = list(n_rows = n, mean = named(colMeans(x)), sd = named(sapply(x, sd)),
      skew_type2 = named(sapply(x, psych::skew, type = 2))),
    ikm = list(ikm_item_means = 25 * mean(colMeans(x)), ikm_complete_cases = 25 * mean(rowMeans(x)),
      hall_t = list(ci = hall(25 * rowMeans(x)))),
    reliability = list(
      alpha = list(raw_alpha = al$total$raw_alpha), alpha_other_ci = adf(x),
      alpha_complete_cases = list(raw_alpha = al$total$raw_alpha, std_alpha = al$total$std.alpha, lambda6_smc = lambda6,
        feldt_lower = 1 - (1 - alpha) * qf(.975, n - 1, (n - 1) * (k - 1)),
        feldt_upper = 1 - (1 - alpha) * qf(.025, n - 1, (n - 1) * (k - 1)),
        raw_alpha_drop = named(setNames(al$alpha.drop$raw_alpha, names(x)))),
      guttman = list(cov = list(lambda2 = (sum(off) + sqrt(k / (k - 1) * sum(off^2))) / T)), split_half = halves(x)),
    validity = list(
      item_total = list(r = named(r), p_two_sided = named(2 * pt(-abs(t), n - 2)),
        r_table_5pct_two_sided = tab(.975), r_table_5pct_one_sided = tab(.95)),
      item_rest = list(r = named(sapply(items[seq_len(k)], function(i) cor(x[[i]], total - x[[i]])))),
      spearman_complete = grid(cor(x, method = "spearman")), kendall_complete = grid(cor(x, method = "kendall")),
      kmo = kmo, bartlett = test, eigenvalues_pearson = eigen(cor(x))$values))
}

# ---- polychoric and factor models ----------------------------------------------------------------------
tight <- function(x) {  # two-step polychoric: thresholds of the pair, correlation by tight maximisation
  k <- ncol(x); out <- diag(k); colnames(out) <- names(x)
  one <- function(a, b) {
    tab <- table(a, b); n <- sum(tab)
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
std <- function(fit) {s <- standardizedSolution(fit); s <- s[s$op == "=~", ]
  list(l = named(setNames(s$est.std, s$rhs)), se = named(setNames(s$se, s$rhs)))}
model <- function(v) paste("f =~", paste(v, collapse = " + "))
sharp <- list(iter.max = 5000)
factors <- function(x) {
  v <- names(x); l <- paste0("l", seq_along(v)); e <- paste0("e", seq_along(v))
  text <- paste0("f =~ ", paste0("NA*", v, "+", l, "*", v, collapse = " + "), "\nf ~~ 1*f\n",
    paste0(v, "~~", e, "*", v, collapse = "\n"), "\nomega := (", paste(l, collapse = "+"), ")^2/((", paste(l, collapse = "+"),
    ")^2+", paste(e, collapse = "+"), ")")
  ml <- quiet({f <- cfa(text, x, estimator = "ML", control = sharp); p <- parameterEstimates(f); s <- std(f)
    m <- modificationIndices(f, op = "~~", sort. = TRUE)[1:5, ]
    list(fit = as.list(fitMeasures(f)), std_loadings = s$l, std_se = s$se,
      mi_top = list(lhs = m$lhs, rhs = m$rhs, mi = m$mi), omega = p$est[p$label == "omega"], omega_se = p$se[p$label == "omega"],
      omega_semTools = list(f = sum(p$est[p$op == "=~"])^2 / sum(cov(x) * (nrow(x) - 1) / nrow(x))))})
  mlr <- quiet({f <- cfa(model(v), x, estimator = "MLR", std.lv = TRUE, control = sharp); s <- std(f)
    list(fit = as.list(fitMeasures(f)), std_loadings = s$l, std_se = s$se)})
  wlsmv <- quiet({f <- cfa(model(v), x, ordered = v, estimator = "WLSMV", std.lv = TRUE, control = sharp); s <- std(f)
    q <- unlist(s$l)
    list(fit = as.list(fitMeasures(f)), std_loadings = s$l, std_se = s$se, ave_closed = mean(q^2),
      cr_closed = sum(q)^2 / (sum(q)^2 + sum(1 - q^2)))})
  P <- quiet(tight(x))
  if (is.list(P)) {poly <- P} else {
    R <- P; poly <- list(two_step_tight = grid(R), min_eigenvalue = min(eigen(R)$values),
      ordinal_alpha = list(alpha = ncol(R) / (ncol(R) - 1) * (1 - ncol(R) / sum(R))),
      efa = list(minres = quiet({f <- fa(R, n.obs = nrow(x)); list(loadings = named(setNames(f$loadings[, 1], v)))})))}
  list(polychoric = poly,
    efa_pearson = list(minres = quiet({f <- fa(cor(x), n.obs = nrow(x)); list(loadings = named(setNames(f$loadings[, 1], v)))})),
    cfa = list(ml = ml, mlr = mlr, wlsmv = wlsmv,
      ml_omega_delta = list(omega = ml$omega, se = ml$omega_se)))
}

# ---- differential items, invariance ------------------------------------------------------------------
differential <- function(x, unit) {
  n <- nrow(x); unit <- factor(unit); out <- list()
  for (i in items) {
    y <- factor(x[[i]]); rest <- rowSums(x[, setdiff(items, i)])
    fit <- function(f) as.numeric(logLik(clm(f, control = list(gradTol = 1e-10, maxIter = 500))))
    l0 <- fit(y ~ 1); l1 <- fit(y ~ rest); l2 <- fit(y ~ rest + unit); l3 <- fit(y ~ rest * unit)
    r2 <- function(l) (1 - exp(-2 * (l - l0) / n)) / (1 - exp(2 * l0 / n))
    m <- clm(y ~ rest + unit)
    df <- nlevels(unit) - 1
    out[[i]] <- list(uniform = 2 * (l2 - l1), nonuniform = 2 * (l3 - l2), both = 2 * (l3 - l1), df = df,
      p_both = pchisq(2 * (l3 - l1), 2 * df, lower.tail = FALSE), r2 = r2(l3) - r2(l1), slope = unname(coef(m)["rest"]),
      level = named(c(0, coef(m)[grep("^unit", names(coef(m)))])), logLik = c(l0, l1, l2, l3))
  }
  p <- p.adjust(sapply(out, `[[`, "p_both"), "BH")
  for (i in items) out[[i]]$p_bh <- unname(p[i])
  out
}
levels_of <- function(x, unit) {  # Wu and Estabrook's identification, written out (delta parameterisation)
  d <- cbind(x, unit = unit); g <- length(unique(unit)); v <- items; cats <- 3
  rep_na <- function(first) paste0("c(", first, ",", paste(rep("NA", g - 1), collapse = ","), ")")
  same <- function(name) paste0("c(", paste(rep(name, g), collapse = ","), ")")
  each <- function(name) paste0("c(", paste0(name, "_", seq_len(g), collapse = ","), ")")
  text <- function(level) {
    at <- match(level, c("configural", "thresholds", "metric", "scalar"))
    th <- paste0(rep(v, each = cats), "|", sapply(rep(v, each = cats), function(i) ""),
      paste0(if (at >= 2) sapply(paste0("t", rep(1:9, each = cats), "_", 1:cats), same) else
        sapply(paste0("t", rep(1:9, each = cats), "_", 1:cats), each)), "*t", 1:cats)
    lo <- paste0("f =~ ", paste0(rep_na("NA"), "*", v, " + ", if (at >= 3) sapply(paste0("l", 1:9), same) else
      sapply(paste0("l", 1:9), each), "*", v, collapse = " + "))
    sc <- paste0(v, " ~*~ ", if (at >= 2) rep_na(1) else same(1), "*", v)
    me <- paste0(v, " ~ ", if (at %in% 2:3) rep_na(0) else same(0), "*1")
    va <- paste0("f ~~ ", if (at >= 3) rep_na(1) else same(1), "*f")
    mu <- paste0("f ~ ", if (at == 4) rep_na(0) else same(0), "*1")
    paste(c(th, lo, sc, me, va, mu), collapse = "\n")
  }
  fits <- lapply(c("configural", "thresholds", "metric", "scalar"), function(level)
    lavaan(text(level), d, group = "unit", ordered = v, estimator = "WLSMV", parameterization = "delta"))
  names(fits) <- c("configural", "thresholds", "metric", "scalar")
  tests <- lavTestLRT(fits[[1]], fits[[2]], fits[[3]], fits[[4]])
  ml <- list(configural = "none", metric = "loadings", scalar = c("loadings", "intercepts"),
    strict = c("loadings", "intercepts", "residuals"))
  normal <- lapply(ml, function(e) cfa(model(v), d, group = "unit", estimator = "ML", group.equal = e, control = sharp))
  diff <- lavTestLRT(normal[[1]], normal[[2]], normal[[3]], normal[[4]])
  list(wlsmv = list(levels = names(fits), fit = lapply(fits, function(f) as.list(fitMeasures(f))),
      lr = list(chisq_diff = tests[["Chisq diff"]], df_diff = tests[["Df diff"]], p = tests[["Pr(>Chisq)"]])),
    ml = list(levels = names(normal), fit = lapply(normal, function(f) as.list(fitMeasures(f))),
      lr = list(chisq_diff = diff[["Chisq diff"]], df_diff = diff[["Df diff"]], p = diff[["Pr(>Chisq)"]])))
}

# ---- the sets --------------------------------------------------------------------------------------------
versions <- function() {
  v <- c("psych", "lavaan", "ordinal", "jsonlite")
  list(r_version = R.version.string, packages = as.list(sapply(v, function(p) as.character(packageVersion(p)))))
}
save <- function(name, data, found, source) {
  folder <- file.path(here, name); dir.create(folder, showWarnings = FALSE)
  write.csv(data, file.path(folder, "data.csv"), row.names = FALSE, quote = FALSE)
  found$meta <- c(list(id = name, items = items, group = if ("unit" %in% names(data)) "unit" else NULL, source = source,
    simulated = TRUE), versions(), number_format = "15 significant digits; NA/NaN/Inf written as strings")
  writeLines(toJSON(found, digits = I(15), auto_unbox = TRUE, na = "string", null = "null", pretty = 1), file.path(folder, "results.json"))
}

set.seed(31, kind = "Mersenne-Twister", normal.kind = "Inversion")
x <- answers(300); x$U9 <- x$U8
save("31_repeated_item", x, c(closed(x), list(all_items = factors(x)), factors(x[, 1:8])),
  "set.seed(31): one factor, loadings .7, n = 300; U9 repeats U8. Factor results are those of U1-U8; all_items: what R does with all nine.")
set.seed(32, kind = "Mersenne-Twister", normal.kind = "Inversion")
x <- answers(400); x[x == 2] <- 1; x$U4[x$U4 == 1] <- 3
save("32_empty_category", x, c(closed(x), factors(x)), "set.seed(32): one factor, loadings .7, n = 400; nobody answered 2, U4 has 3 and 4 only")
set.seed(33, kind = "Mersenne-Twister", normal.kind = "Inversion")
unit <- rep(c("a", "b", "c", "d"), each = 300); latent <- rnorm(1200)
shape <- sapply(1:9, function(j) {
  l <- ifelse(j == 6 & unit == "c", 0.15, 0.7); l * latent + sqrt(1 - l^2) * rnorm(1200) + ifelse(j == 3 & unit == "d", 1.2, 0)
})
x <- as.data.frame(1 + (shape > -1.6) + (shape > -0.8) + (shape > 0.4)); names(x) <- items
save("33_four_units", cbind(unit = unit, x), c(closed(x), factors(x), list(dif = differential(x, unit), invariance = levels_of(x, unit))),
  "set.seed(33): four units of 300; U3 1.2 higher in d, U6 loads .15 in c")
writeLines(grep("^(BLAS|LAPACK|Matrix)", capture.output(print(sessionInfo())), invert = TRUE, value = TRUE),
  file.path(here, "sessionInfo.txt"))
