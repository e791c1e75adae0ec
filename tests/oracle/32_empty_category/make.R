# Nobody ever answered 2, and nobody answered U4 with 1 either.
seed(32)
x <- alike_answers(400); x[x == 2] <- 1; x$U4[x$U4 == 1] <- 3
write_data(here, x)
write_results(here, everything(x), list(items = NINE, simulated = TRUE,
  source = "seed 32: one factor, loadings .7, n = 400; nobody answered 2, U4 has 3 and 4 only"))
