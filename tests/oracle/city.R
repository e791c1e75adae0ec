# Design-based city aggregates of the simulated 48-unit city (reference set 13), by R's survey package.
#   Rscript tests/oracle/city.R ../shared/reference/13_skm_sim48 > tests/oracle/city.json
# Units are strata. Three weightings: every unit alike, every respondent alike, by service users.
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "fail", digits = 17)
folder <- commandArgs(trailingOnly = TRUE)[1]
rows <- read.csv(file.path(folder, "data.csv"))
truth <- read.csv(file.path(folder, "truth.csv"))
items <- paste0("U", 1:9)
rows <- rows[complete.cases(rows[items]), ]
rows$y <- rowMeans(rows[items]) * 25
rows$N <- truth$N[match(rows$unit, truth$unit)]
n <- table(rows$unit)
rows$n <- as.numeric(n[rows$unit])
one <- function(weight, fpc) {
  rows$w <- weight
  design <- if (fpc) svydesign(ids = ~1, strata = ~unit, weights = ~w, fpc = ~N, data = rows)
            else svydesign(ids = ~1, strata = ~unit, weights = ~w, data = rows)
  m <- svymean(~y, design)
  ci <- confint(m, df = degf(design))
  list(mean = as.numeric(coef(m)), se = as.numeric(SE(m)), degf = degf(design), lower = ci[1], upper = ci[2])
}
out <- list(
  "mean-of-units" = list(plain = one(1 / rows$n, FALSE), fpc = one(1 / rows$n, TRUE)),
  "pooled" = list(plain = one(rep(1, nrow(rows)), FALSE), fpc = one(rep(1, nrow(rows)), TRUE)),
  "population-weighted" = list(plain = one(rows$N / rows$n, FALSE), fpc = one(rows$N / rows$n, TRUE)),
  session = c(R.version.string, paste("survey", packageVersion("survey")))
)
cat(toJSON(out, digits = 17, auto_unbox = TRUE, pretty = TRUE), "\n")
