# All blocks of a set, and the loading of what they need.
suppressPackageStartupMessages(for (p in c("psych", "lavaan", "semTools", "survey", "lme4", "ordinal", "boot", "rstatix",
  "car", "pbivnorm", "jsonlite")) loadNamespace(p))
options(digits = 17, survey.lonely.psu = "fail")
for (f in c("write", "answers", "items", "factors", "units", "invariance", "years", "design", "response")) source(file.path(ORACLE, "r", paste0(f, ".R")))
everything <- function(x, unit = NULL, N = NULL, R = 2000) {
  out <- c(list(descriptives = item_statistics(x), ikm = index_statistics(x, N), reliability = reliability_statistics(x, R),
    validity = validity_statistics(x), careless = row_statistics(x)), factor_statistics(x))
  if (!is.null(unit)) out$units <- unit_statistics(x, unit)
  out$importance <- quiet(importance_statistics(x))
  out
}
