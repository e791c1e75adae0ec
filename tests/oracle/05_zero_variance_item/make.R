# U5 is constant; R's factor results are those of the other eight.
seed(5)
x <- ordinal_answers(150, two_and_pairs, MIDDLE); x$U5 <- 4
unit <- rep(c("a", "b", "c"), c(65, 59, 26))
write_data(here, cbind(x, unit = unit))
found <- everything(x, unit, N = 400, R = 10000)
eight <- x[setdiff(NINE, "U5")]
found$after_dropping_zero_variance_items <- c(list(items = names(eight)), everything(eight, unit))
write_results(here, found, list(items = NINE, group = "unit", simulated = TRUE, source = "seed 5: 150 rows, U5 := 4"))
