# U4 is keyed the other way round; nine units of unequal size.
seed(11)
size <- c(166, 153, 92, 90, 67, 66, 65, 59, 42)
unit <- rep(letters[1:9], size)
level <- rnorm(9, 0, .2)[match(unit, letters)] + rnorm(800)
x <- ordinal_answers(800, two_and_pairs, MIDDLE, cbind(level, matrix(rnorm(2400), 800))); x$U4 <- 5 - x$U4
write_data(here, cbind(x, unit = unit))
write_results(here, everything(x, unit, N = 2500), list(items = NINE, group = "unit", simulated = TRUE,
  source = "seed 11: 800 rows, U4 := 5 - U4; units differ a little"))
