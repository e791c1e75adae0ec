# Four units of 300: U3 is easier in unit d, U6 discriminates less in unit c.
seed(33)
unit <- rep(c("a", "b", "c", "d"), each = 300); latent <- rnorm(1200)
shape <- sapply(1:9, function(j) {
  l <- ifelse(j == 6 & unit == "c", 0.15, 0.7); l * latent + sqrt(1 - l^2) * rnorm(1200) + ifelse(j == 3 & unit == "d", 1.2, 0)
})
x <- as.data.frame(1 + (shape > -1.6) + (shape > -0.8) + (shape > 0.4)); names(x) <- NINE
write_data(here, cbind(unit = unit, x))
found <- everything(x, unit)
found$dif <- differential(x, unit)
found$invariance <- list(wlsmv = ordinal_levels(x, unit), ml = normal_levels(x, unit, one_factor(NINE)))
found$reliability$alpha_abc_first_100 <- alpha_abc(x[1:100, ])
write_results(here, found, list(items = NINE, group = "unit", simulated = TRUE,
  source = "seed 33: four units of 300; U3 1.2 higher in d, U6 loads .15 in c"))
