# Two hundred and one people near the ceiling; nearly everybody gave U4 the same answer, and it does not go
# with the rest. Levels of education of 131, 63, 5, 1 and 1 people. The seed is the first after 1800 in
# which U4 goes slightly against the rest and one factor leaves something over (CFI below one).
seed(1804)
high <- shares(c(0, .005, .54, .455), c(0, 0, .39, .61), c(0, 0, .66, .34), c(0, .03, .96, .01), c(0, 0, .60, .40), c(0, 0, .59, .41),
  c(0, .005, .59, .405), c(0, .01, .46, .53), c(.005, 0, .18, .815))
x <- ordinal_answers(201, c(.55, .50, .70, 0, .66, .68, .60, .62, .52), high)
education <- sample(rep(c("SMA", "S1", "SMP", "S2", "SD"), c(131, 63, 5, 1, 1)))
write_data(here, cbind(x, education = education))
write_results(here, everything(x, education, N = 420), list(items = NINE, group = "education", simulated = TRUE,
  source = "seed 1804: 201 rows near the ceiling, U4 unrelated to the rest"))
