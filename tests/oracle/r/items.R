# Index, item statistics, reliability, validity and rows of doubt: closed forms, psych, boot.
hall <- function(x, level = 0.95) {
  n <- length(x); m <- mean(x); s <- sqrt(mean((x - m)^2)); g <- mean((x - m)^3) / s^3
  t <- qt(c((1 + level) / 2, (1 - level) / 2), n - 1)
  root <- function(v) sign(v) * abs(v)^(1 / 3)
  m - s * (3 / g) * (root(1 + g * (t / sqrt(n) - g / (6 * n))) - 1)
}
item_statistics <- function(x) {
  at <- function(f) named(sapply(x, function(v) f(v[!is.na(v)])))
  least <- min(x, na.rm = TRUE); most <- max(x, na.rm = TRUE)
  list(n_rows = nrow(x), k = ncol(x), n_complete = sum(complete.cases(x)), missing_pct = 100 * mean(is.na(x)),
    mean = at(mean), sd = at(sd), skew_type2 = at(function(v) psych::skew(v, type = 2)),
    ceiling_pct = at(function(v) 100 * mean(v == most)), floor_pct = at(function(v) 100 * mean(v == least)))
}
index_statistics <- function(x, N = NULL) {
  whole <- x[complete.cases(x), ]; y <- 25 * rowMeans(whole); n <- nrow(x)
  m <- colMeans(x, na.rm = TRUE); answered <- colSums(!is.na(x))
  u <- t((t(x) - m) / answered) * 25 / ncol(x); u[is.na(u)] <- 0; u <- rowSums(u)
  se <- sqrt(sum(u^2) * n / (n - 1)); at <- 25 * mean(m)
  out <- list(ikm_item_means = at, ikm_complete_cases = mean(y), n = length(y), sd = sd(y),
    available_case = list(se_linearised = se, t_ci95 = at + c(-1, 1) * qt(.975, n - 1) * se), hall_t = list(ci = hall(y)))
  if (!is.null(N)) {
    design <- survey::svydesign(ids = ~1, fpc = ~N, data = data.frame(y = y, N = N))
    found <- survey::svymean(~y, design)
    out$fpc <- list(N = N, svymean = list(mean = as.numeric(coef(found)), se = as.numeric(survey::SE(found)),
      ci95_t = as.numeric(confint(found, df = survey::degf(design)))))
  }
  out
}
closed_alpha <- function(C) {k <- ncol(C); k / (k - 1) * (1 - sum(diag(C)) / sum(C))}
influence <- function(x) {
  k <- ncol(x); C <- cov(x); T <- sum(C); tr <- sum(diag(C)); d <- scale(x, scale = FALSE)
  k / (k - 1) * (-(rowSums(d^2) - tr) / T + tr * (rowSums(d)^2 - T) / T^2)
}
alpha_intervals <- function(x) {
  n <- nrow(x); k <- ncol(x); a <- closed_alpha(cov(x)); se <- sd(influence(x)) / sqrt(n); z <- qnorm(.975)
  list(alpha = a, adf_se = se, adf_ci95 = a + c(-1, 1) * z * se,
    bonett2002_ci95 = 1 - exp(log(1 - a) + c(1, -1) * z * sqrt(2 * k / ((k - 1) * (n - 2)))))
}
alpha_bootstrap <- function(x, R) {
  if (nrow(x) < 12) return(list(bca = c("NA", "NA"), note = "draws of so few people say nothing of a limit; alpha_abc does"))
  seed(20240101); m <- as.matrix(x)
  drawn <- boot::boot(m, function(d, i) closed_alpha(cov(d[i, ])), R)
  L <- boot::empinf(data = m, statistic = function(d, i) closed_alpha(cov(d[i, ])), stype = "i", type = "jack")
  limits <- quiet(boot::boot.ci(drawn, type = "bca", L = L))
  list(R = R, seed = 20240101, bca = if (is.null(limits$bca)) limits else limits$bca[4:5])
}
# BCa limits without draws. boot's own step (.001/n) drowns in rounding from some hundred rows on: a hundred times it, at most 1e-4.
alpha_abc <- function(x) {
  m <- as.matrix(x); if (nrow(m) > 5000) return(list(ci = c("NA", "NA"), note = "not run: 5,000 rows at most"))
  list(ci = boot::abc.ci(m, function(d, w) {
    w <- w / sum(w); c0 <- sweep(d, 2, colSums(d * w)); closed_alpha(crossprod(c0 * w, c0))
  }, eps = min(.1 / nrow(m), 1e-4))[2:3])
}
halves <- function(x) {
  k <- ncol(x); C <- cov(x); first <- seq(1, k, 2); second <- seq(2, k, 2)
  a <- rowSums(x[, first]); b <- rowSums(x[, second]); r <- cor(a, b); p <- length(first) / k; q <- 1 - p
  splits <- combn(k, k %/% 2)
  if (k %% 2 == 0) splits <- splits[, splits[1, ] == 1]
  v <- apply(splits, 2, function(s) 4 * sum(C[s, -s]) / sum(C))
  list(odd_even = list(n1 = length(first), n2 = length(second), r_halves = r, spearman_brown = 2 * r / (1 + r),
      horst_unequal = (sqrt(r^4 + 4 * r^2 * (1 - r^2) * p * q) - r^2) / (2 * p * q * (1 - r^2)),
      guttman_flanagan_lambda4 = 4 * cov(a, b) / var(a + b)),
    all_cov = list(max = max(v), min = min(v), mean = mean(v), n_splits = ncol(splits)))
}
reliability_statistics <- function(x, R = 2000) {
  whole <- x[complete.cases(x), ]; n <- nrow(whole); k <- ncol(x); C <- cov(whole)
  every <- quiet(psych::alpha(x, check.keys = FALSE)); some <- quiet(psych::alpha(whole, check.keys = FALSE))
  off <- C - diag(diag(C)); a <- some$total$raw_alpha
  limits <- function(v) 1 - (1 - a) * qf(v, n - 1, (n - 1) * (k - 1))
  # Where items determine one another psych puts in a pseudo-inverse; the number then means nothing.
  sixth <- tryCatch({solve(cov2cor(C[diag(C) > 0, diag(C) > 0])); some$total[["G6(smc)"]]}, error = function(e) NaN)
  list(alpha = list(raw_alpha = every$total$raw_alpha, average_r = every$total$average_r),
    alpha_complete_cases = list(n = n, raw_alpha = a, std_alpha = some$total$std.alpha, lambda6_smc = sixth,
      feldt_lower = limits(.975), feldt_upper = limits(.025),
      raw_alpha_drop = named(setNames(some$alpha.drop$raw_alpha, rownames(some$alpha.drop)))),
    alpha_other_ci = alpha_intervals(whole), alpha_boot = alpha_bootstrap(whole, R),
    alpha_abc = alpha_abc(whole),
    guttman = list(cov = list(lambda2 = (sum(off) + sqrt(k / (k - 1) * sum(off^2))) / sum(C))), split_half = halves(whole))
}
validity_statistics <- function(x) {
  x <- x[complete.cases(x), ]; n <- nrow(x); total <- rowSums(x)
  r <- suppressWarnings(sapply(x, function(v) cor(v, total))); t <- r * sqrt((n - 2) / (1 - r^2))
  tab <- function(p) qt(p, n - 2) / sqrt(n - 2 + qt(p, n - 2)^2)
  R <- suppressWarnings(cor(x))
  out <- list(
    item_total = list(n = n, r = named(r), p_two_sided = named(2 * pt(-abs(t), n - 2)),
      r_table_5pct_two_sided = tab(.975), r_table_5pct_one_sided = tab(.95)),
    item_rest = list(r = named(suppressWarnings(sapply(names(x), function(i) cor(x[[i]], total - x[[i]]))))),
    item_total_spearman = list(rho = named(suppressWarnings(sapply(x, function(v) cor(v, total, method = "spearman"))))),
    pearson_complete = grid(R), spearman_complete = grid(suppressWarnings(cor(x, method = "spearman"))),
    kmo = quiet({m <- psych::KMO(R); list(overall = m$MSA, items = named(m$MSAi))}),
    bartlett = quiet({b <- psych::cortest.bartlett(R, n)
      list(chisq = b$chisq, df = b$df, p = b$p.value, determinant = det(R))}),
    eigenvalues_pearson = if (anyNA(R)) "NA" else eigen(R, symmetric = TRUE)$values)
  if (n <= 1500) out$kendall_complete <- grid(suppressWarnings(cor(x, method = "kendall")))
  out
}
# Rows of doubt: longest run of one answer, spread within the row, distance, likeness to the other rows.
row_statistics <- function(x) {
  m <- as.matrix(x)
  run <- function(v) {v <- ifelse(is.na(v), -1, v); r <- rle(v); r <- r$lengths[r$values != -1]; if (length(r)) max(r) else NA}
  distance <- quiet({C <- cov(m, use = "pairwise"); inverse <- solve(C); d <- sweep(m, 2, colMeans(m, na.rm = TRUE))
    # Missing answers add nothing to the distance, as in psych::outlier.
    d[is.na(d)] <- 0; rowSums((d %*% inverse) * d)})
  sums <- rowSums(m); whole <- rowSums(!is.na(m))
  like <- suppressWarnings(sapply(seq_len(nrow(m)), function(i) {
    rest <- (colSums(m, na.rm = TRUE) - ifelse(is.na(m[i, ]), 0, m[i, ])) / (colSums(!is.na(m)) - !is.na(m[i, ]))
    cor(m[i, ], rest, use = "pairwise")
  }))
  list(longstring = unname(apply(m, 1, run)), irv = unname(apply(m, 1, sd, na.rm = TRUE)), mahad = distance,
    straightline_pct = 100 * mean(apply(m, 1, function(v) length(unique(v)) == 1)), person_total_r = like)
}
