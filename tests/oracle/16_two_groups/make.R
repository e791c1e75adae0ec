# Four levels of invariance of two groups: nine tests of three facets (normal), and nine ordinal items.
seed(16)
n <- c(156, 145); school <- rep(c("P", "G"), n); later <- school == "G"
factors <- matrix(rnorm(3 * sum(n)), sum(n)) %*% chol(matrix(c(1, .46, .47, .46, 1, .28, .47, .28, 1), 3)) + outer(later, c(-.1, .5, -.2))
loadings <- rbind(c(.90, 0, 0), c(.50, 0, 0), c(.66, 0, 0), c(0, .99, 0), c(0, 1.10, 0), c(0, .92, 0), c(-.25, 0, .62), c(0, 0, .73), c(.40, 0, .50))
start <- c(4.9, 6.1, 2.3, 3.0, 4.3, 2.2, 4.2, 5.5, 5.4)
tests <- factors %*% t(loadings) + matrix(rep(start, each = sum(n)), sum(n)) +
  matrix(rnorm(9 * sum(n)), sum(n)) * rep(c(.75, 1.06, .92, .61, .67, .60, .90, .70, .75), each = sum(n))
tests[later, 3] <- tests[later, 3] - .5; tests[later, 7] <- tests[later, 7] - .3
tests <- as.data.frame(round(tests, 4)); names(tests) <- paste0("x", 1:9)
write_data(here, cbind(school = school, tests))
three <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
form <- rep(1:2, c(1189, 1765)); m <- length(form)
x <- ordinal_answers(m, two_and_pairs, MIDDLE, cbind(rnorm(m) + .08 * (form == 2), matrix(rnorm(3 * m), m)))
write_data(here, cbind(x, form = form), "data_ordinal_form.csv")
write_results(here, list(ml_school = normal_levels(tests, school, three), wlsmv_form = ordinal_levels(x, form)),
  list(simulated = TRUE, source = "seed 16: two groups of 156 and 145 with two intercepts apart; 2,954 rows of ordinal answers in two forms"))
