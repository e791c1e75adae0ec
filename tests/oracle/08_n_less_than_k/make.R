# Seven people, nine items, two units. The seed is the first after 800 for which every item varies
# and lavaan gives a WLSMV model, which seven rows do not determine.
seed(801)
x <- ordinal_answers(7, LOADINGS, MIDDLE)
unit <- rep(c("A", "B"), c(4, 3))
write_data(here, cbind(x, unit = unit))
write_results(here, everything(x, unit, N = 9), list(items = NINE, group = "unit", simulated = TRUE, source = "seed 801: 7 rows"))
