# Twelve people in three units: a polychoric matrix that is not positive definite. The seed is the first
# after 700 for which it is so while no correlation runs to one, lavaan's models converge and no loading passes one.
seed(709)
x <- ordinal_answers(12, LOADINGS, MIDDLE)
unit <- rep(c("A", "B", "C"), each = 4)
write_data(here, cbind(x, unit = unit))
write_results(here, everything(x, unit, N = 20), list(items = NINE, group = "unit", simulated = TRUE, source = "seed 709: 12 rows"))
