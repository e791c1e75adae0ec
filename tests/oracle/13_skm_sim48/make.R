# A simulated city of 48 units in two years, with its truth (truth.csv). The answers were simulated for this
# project once and are kept as they were drawn; what R says about them is made here.
every <- read.csv(file.path(here, "data.csv.gz")); truth <- read.csv(file.path(here, "truth.csv"))
people <- setNames(truth$N, truth$unit)
every$agec <- (every$age - 40) / 10
every$education <- factor(every$education, c("SD", "SMP", "SMA", "S1", "S2+"))
every$sex <- factor(every$sex, c("L", "P")); every$unit <- factor(every$unit)
whole <- every[complete.cases(every[NINE]), ]; whole$y <- 25 * rowMeans(whole[NINE])
now <- whole[whole$year == 2024, ]
found <- everything(every[every$year == 2024, NINE], as.character(every$unit[every$year == 2024]), N = sum(people), R = 1000)
rows <- found$careless
write.csv(as.data.frame(rows[c("longstring", "irv", "mahad", "person_total_r")]), gzfile(file.path(here, "rows.csv.gz"), compression = 9),
  row.names = FALSE)
found$careless <- list(rows = "rows.csv.gz", straightline_pct = rows$straightline_pct)
strata <- city(now$y, now$unit, people)
weighted <- strata[["population-weighted"]]$fpc
found$units$svy_stratified <- list(N = as.list(people), mean = weighted$mean, se = weighted$se, degf = weighted$degf,
  ci95_t = c(weighted$lower, weighted$upper))
found$city <- strata
found$two_years_and_adjusted <- list(year = year_on_year(now, whole[whole$year == 2023, ]), adjusted_lmer = adjusted(now),
  clm_U3 = cumulative(ordered(U3) ~ sex + agec + education, now),
  equity = list(sex = between_groups(now$y, now$sex), education = between_groups(now$y, as.character(now$education))),
  mlm_multilevel_alpha = within_units(now[NINE], now$unit))
write_results(here, found, list(items = NINE, group = "unit", simulated = TRUE,
  source = "simulated once: 48 units, two years, one factor, unit effects as in truth.csv"))
