# Fifteen items of five categories, eight units of thirty.
seed(20)
high <- shares(c(.005, .03, .12, .30, .545), c(.005, .03, .17, .34, .455), c(.01, .02, .07, .25, .65), c(.01, .05, .17, .32, .45),
  c(.01, .03, .23, .33, .40), c(.005, .03, .11, .25, .605), c(.01, .07, .15, .26, .51), c(.04, .07, .18, .28, .43), c(.005, .03, .12, .25, .595),
  c(.005, .03, .12, .25, .595), c(.005, .03, .08, .18, .705), c(.005, .02, .10, .23, .645), c(.01, .03, .09, .27, .60), c(.01, .03, .05, .23, .68),
  c(.005, .02, .08, .22, .675))
items <- paste0("P", 1:15)
unit <- rep(1:8, each = 30); level <- rnorm(8, 0, .35)[unit] + rnorm(240)
x <- ordinal_answers(240, rep(c(.75, .70, .78, .66, .72), 3), high, cbind(level), items)
write_data(here, cbind(unit = unit, x))
write_results(here, everything(x, unit, N = 2000), list(items = items, group = "unit", simulated = TRUE,
  source = "seed 20: one factor, units differ; 240 rows"))
