# Items of unequal discrimination near the ceiling, some answers missing; nobody ever gave the lowest answer to U5.
seed(43)
n <- 900; theta <- rnorm(n); a <- c(1.1, 2.4, 1.7, .5, 2.0, 1.4, 2.8, .9, 1.6)
d <- cbind(c(4.2, 5.5, 4.6, 2.5, 5.0, 4.4, 6.0, 3.8, 4.5), c(2.6, 3.4, 2.8, 1.5, 3.0, 2.2, 3.6, 2.4, 2.6), c(-.3, .2, -.6, -.4, .5, -1, -.2, -.1, .4))
x <- as.data.frame(sapply(1:9, function(j) 1 + rowSums(plogis(outer(a[j] * theta, d[j, ], `+`)) > runif(n)))); names(x) <- NINE
x$U5 <- pmax(x$U5, 2) - 1L
x <- as.data.frame(replace(as.matrix(x), sample(n * 9, 200), NA))
write_data(here, x)
write_results(here, list(graded = graded_model(x)), list(items = NINE, simulated = TRUE,
  source = "seed 43: graded response model, discriminations .5 to 2.8; U5 has three answers"))
