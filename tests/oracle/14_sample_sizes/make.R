# Sample sizes before rounding, as the formulas stand in their sources.
krejcie <- function(N, x2 = 3.841, p = .5, d = .05) x2 * N * p * (1 - p) / (d^2 * (N - 1) + x2 * p * (1 - p))
z <- qnorm(.975); n0 <- z^2 * .25 / .05^2
km <- c(10, 50, 100, 220, 500, 1000, 1200, 2000, 5000, 10000, 75000, 1000000); sl <- km[1:10]; co <- c(50, 220, 1200, 10000)
write_results(here, list(sample_size = list(krejcie_morgan = list(N = km, n_round = round(krejcie(km)), n_exact = krejcie(km)),
  slovin_5pct = list(N = sl, n = sl / (1 + sl * .05^2)), cochran_fpc = list(N = co, n0 = n0, n = n0 / (1 + (n0 - 1) / co)))),
  list(source = "Krejcie and Morgan 1970; Slovin; Cochran 1977 with the finite population"))
