# Nine units; online in seven, paper in five, a kiosk in four, one of which knows nothing else; respondents differ by way.
seed(44)
n <- 900; unit <- sample(letters[1:9], n, TRUE)
allowed <- list(a = c("online", "self-paper"), b = c("online", "self-paper"), c = "online", d = c("online", "kiosk"), e = c("self-paper", "kiosk"),
  f = c("online", "self-paper", "kiosk"), g = c("online"), h = c("self-paper"), i = "kiosk")
mode <- sapply(allowed[unit], function(m) if (length(m) == 1) m else sample(m, 1))
sex <- ifelse(runif(n) < ifelse(mode == "online", .6, .4), "female", "male"); age <- round(runif(n, 17, 40) + 15 * (mode == "self-paper"))
latent <- rnorm(n) + .5 * (unit %in% c("a", "d")) - .3 * (mode == "online") + .02 * (age - 35) + .2 * (sex == "male")
x <- graded(latent, c(-2.4, -1.2, .2)); age[sample(n, 12)] <- NA
write_data(here, cbind(unit, mode = unname(mode), sex, age, x))
pairs <- list(c("online", "self-paper"), c("online", "kiosk"), c("self-paper", "kiosk"))
write_results(here, list(pairs = lapply(pairs, function(p) mode_contrast(x, unit, unname(mode), sex, age, p))),
  list(items = NINE, simulated = TRUE, source = "seed 44: online .3 lower, the old and men a little higher"))
