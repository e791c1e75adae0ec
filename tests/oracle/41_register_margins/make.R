# Respondents who are younger and more often women than a register says, some of whom do not state it; answers missing.
seed(41)
n <- 420
sex <- sample(c("female", "male"), n, TRUE, c(.6, .4)); age_band <- sample(c("17-25", "26-35", "36-45", "46-55"), n, TRUE, c(.32, .3, .22, .16))
service <- sample(c("akta", "ktp", "pindah"), n, TRUE, c(.2, .5, .3))
latent <- rnorm(n) + .35 * (sex == "male") + .2 * match(age_band, sort(unique(age_band))) - .3 * (service == "pindah")
x <- graded(latent, c(-2.2, -1.1, .4)); x <- as.data.frame(replace(as.matrix(x), sample(n * 9, 110), NA))
sex[sample(n, 14)] <- NA; age_band[sample(n, 20)] <- NA
users <- list(sex = list(female = 2450, male = 2550), age_band = list(`17-25` = 900, `26-35` = 1350, `36-45` = 1500, `46-55` = 1250),
  service = list(akta = 1500, ktp = 2500, pindah = 1000))
traits <- data.frame(sex, age_band, service)
write_data(here, cbind(traits, x))
write_results(here, list(register = users, three = register_statistics(x, traits, users, 5000),
  sex_only = register_statistics(x, traits["sex"], users["sex"], 5000)),
  list(items = NINE, simulated = TRUE, source = "seed 41: women and the young answer more often than the register has them"))
