# How every set is written: numbers with 15 significant digits, "NA" and "NaN" as text, R's refusals kept.
quiet <- function(expr) {
  said <- character()
  value <- tryCatch(withCallingHandlers(expr, warning = function(w) {
    said <<- c(said, conditionMessage(w)); invokeRestart("muffleWarning")
  }), error = function(e) list(error = conditionMessage(e)))
  if (length(said) && is.list(value)) value$warnings <- unique(said)
  value
}
named <- function(x) as.list(setNames(as.numeric(x), names(x)))
grid <- function(m) list(names = colnames(m), values = unname(m))
seed <- function(n) set.seed(n, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
versions <- function() {
  used <- intersect(c("psych", "lavaan", "semTools", "survey", "lme4", "ordinal", "boot", "rstatix", "car",
    "pbivnorm", "jsonlite"), loadedNamespaces())
  list(r_version = R.version.string, packages = as.list(sapply(used, function(p) as.character(packageVersion(p)))))
}
write_data <- function(folder, data, name = "data.csv") {
  write.csv(data, file.path(folder, name), row.names = FALSE, quote = FALSE, na = "")
}
# A list of numbers stands in one line.
in_one_line <- function(text) {
  at <- gregexpr("\\[[^][{}]*\\]", text); regmatches(text, at)[[1]] <- gsub("\\s*\n\\s*", " ", regmatches(text, at)[[1]])
  gsub("[ ", "[", gsub(" ]", "]", text, fixed = TRUE), fixed = TRUE)
}
write_results <- function(folder, found, meta) {
  found <- c(list(meta = c(list(id = basename(folder)), meta, versions(),
    number_format = "15 significant digits; NA/NaN/Inf written as strings")), found)
  text <- jsonlite::toJSON(found, digits = I(15), auto_unbox = TRUE, na = "string", null = "null", pretty = 1)
  writeLines(in_one_line(text), file.path(folder, "results.json"))
}
