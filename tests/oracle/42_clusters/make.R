# Interviewers of unequal industry who differ, days that hardly do; answers missing.
seed(42)
n <- 360
interviewer <- sample(sprintf("I%02d", 1:14), n, TRUE, c(6, 5, 5, 4, 4, 3, 3, 3, 2, 2, 2, 1, 1, 1))
day <- sprintf("2025-08-%02d", sample(1:28, n, TRUE))
effect <- rnorm(14, sd = .5); shift <- rnorm(28, sd = .12)
latent <- rnorm(n) + effect[as.integer(substr(interviewer, 2, 3))] + shift[as.integer(substr(day, 9, 10))]
x <- graded(latent, c(-2.2, -1.2, .3))
complete <- x; x <- as.data.frame(replace(as.matrix(x), sample(n * 9, 90), NA))
write_data(here, cbind(interviewer, day, x))
write_data(here, complete, "complete.csv")
write_results(here, list(interviewer = cluster_statistics(x, interviewer), day = cluster_statistics(x, day),
  complete = cluster_statistics(complete, interviewer)),
  list(items = NINE, simulated = TRUE, source = "seed 42: fourteen interviewers (sd .5) and 28 days (sd .12) of a normal trait"))
