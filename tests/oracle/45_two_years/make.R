# Two years of 700: in the second U3 and U8 are answered otherwise (higher) at the same satisfaction.
seed(45)
year <- rep(c("now", "then"), each = 700); latent <- rnorm(1400, ifelse(year == "now", .3, 0))
x <- as.data.frame(sapply(1:9, function(j) { y <- .7 * latent + sqrt(.51) * rnorm(1400) + ifelse(j %in% c(3, 8) & year == "now", .6, 0)
  1 + (y > -1.8) + (y > -.9) + (y > .3) })); names(x) <- NINE
write_data(here, cbind(year, x))
write_results(here, list(wlsmv = ordinal_levels(x, year)), list(items = NINE, group = "year", simulated = TRUE,
  source = "seed 45: two years of 700; U3 and U8 .6 higher at the same trait in the later one"))
