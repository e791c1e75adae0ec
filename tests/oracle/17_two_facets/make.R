# Two facets of five items of six categories: how far they are two things.
seed(17)
shares_of <- shares(c(.03, .08, .12, .14, .30, .33), c(.02, .05, .06, .20, .37, .31), c(.03, .06, .08, .20, .36, .27),
  c(.05, .08, .07, .16, .23, .41), c(.02, .07, .09, .22, .35, .25), c(.03, .06, .10, .23, .37, .22), c(.03, .09, .11, .23, .34, .20),
  c(.03, .09, .11, .27, .33, .17), c(.02, .08, .16, .17, .29, .27), c(.10, .17, .22, .12, .20, .18))
n <- 2632
both <- matrix(rnorm(2 * n), n) %*% chol(matrix(c(1, .37, .37, 1), 2))
loadings <- cbind(c(.41, .72, .79, .57, .68, rep(0, 5)), c(rep(0, 5), .59, .66, .59, .72, .64))
x <- ordinal_answers(n, loadings, shares_of, both, c(paste0("A", 1:5), paste0("C", 1:5)))
write_data(here, x)
R <- cor(x); own <- function(r) r[lower.tri(r)]; a <- 1:5; b <- 6:10
ratio <- function(f) f(R[a, b]) / sqrt(f(own(R[a, a])) * f(own(R[b, b])))
write_results(here, list(htmt_closed = ratio(mean), htmt2_closed = ratio(function(r) exp(mean(log(r)))),
  htmt_semTools = grid(as.matrix(semTools::htmt("A =~ A1 + A2 + A3 + A4 + A5\nC =~ C1 + C2 + C3 + C4 + C5", x))),
  htmt2_semTools = grid(as.matrix(semTools::htmt("A =~ A1 + A2 + A3 + A4 + A5\nC =~ C1 + C2 + C3 + C4 + C5", x, htmt2 = TRUE)))),
  list(simulated = TRUE, source = "seed 17: two factors correlated .37"))
