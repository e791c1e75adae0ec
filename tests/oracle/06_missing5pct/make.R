# Five per cent of the answers are missing, anywhere.
seed(6)
x <- ordinal_answers(600, two_and_pairs, MIDDLE)
cells <- sample(600 * 9, 270); m <- as.matrix(x); m[cells] <- NA; x <- as.data.frame(m)
unit <- sample(rep(c("A", "B", "C", "D", "E"), each = 120))
write_data(here, cbind(x, unit = unit))
write_results(here, everything(x, unit, N = 5000), list(items = NINE, group = "unit", simulated = TRUE,
  source = "seed 6: 600 rows, 270 cells deleted at random; unit labels at random"))
