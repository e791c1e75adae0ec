# Seventy-two ratings of five categories by two treatments of two levels: the cumulative logit of few rows.
seed(15)
d <- expand.grid(repeated = 1:18, contact = c("no", "yes"), temp = c("cold", "warm"))
level <- 2.4 * (d$temp == "warm") + 1.5 * (d$contact == "yes") + rlogis(72)
d$rating <- 1 + rowSums(outer(level, c(-1.3, 1.2, 3.4, 5.0), ">"))
write_data(here, d[c("rating", "temp", "contact")])
fit <- cumulative(ordered(rating) ~ temp + contact, d)
write_results(here, list(clm_logit = fit), list(simulated = TRUE, source = "seed 15: two effects, logistic errors"))
