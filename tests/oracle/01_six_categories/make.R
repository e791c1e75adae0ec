# Nine items of six categories in two facets, gaps as they occur, groups of one attribute, some unknown.
seed(1)
shares_of <- shares(c(.03, .08, .12, .14, .30, .33), c(.02, .05, .05, .20, .37, .31), c(.03, .06, .07, .20, .37, .27),
  c(.05, .08, .07, .16, .24, .40), c(.02, .07, .09, .22, .35, .25), c(.03, .06, .10, .24, .36, .21), c(.03, .09, .11, .23, .34, .20),
  c(.03, .09, .11, .27, .33, .17), c(.02, .08, .16, .17, .29, .28))
n <- 2800
both <- matrix(rnorm(2 * n), n) %*% chol(matrix(c(1, .35, .35, 1), 2))
loadings <- cbind(c(.41, .72, .79, .57, .68, 0, 0, 0, .10), c(0, 0, .05, .20, 0, .61, .68, .61, .68))
x <- ordinal_answers(n, loadings, shares_of, both)
x[matrix(runif(n * 9) < .0065, n)] <- NA
education <- sample(c(NA, 1:5), n, TRUE, c(.08, .08, .10, .45, .14, .15))
write_data(here, cbind(x, education = education))
write_results(here, everything(x, education, N = 28000), list(items = NINE, group = "education", simulated = TRUE,
  source = "seed 1: two correlated factors, six categories, .65 % of the answers missing, groups at random"))
