# The sets that tests hold the product's numbers against: data from a seed, and what R says about them.
#
#     Rscript tests/oracle/make.R            all sets, some three minutes
#     Rscript tests/oracle/make.R 06 33      those whose names begin so
#
# Each set's own make.R gives its data and says which blocks of r/ it needs; README.md names the R packages.
ORACLE <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])))
source(file.path(ORACLE, "r", "everything.R"))
wanted <- commandArgs(trailingOnly = TRUE)
for (script in Sys.glob(file.path(ORACLE, "[0-9]*", "make.R"))) {
  folder <- dirname(script)
  if (length(wanted) && !any(startsWith(basename(folder), wanted))) next
  started <- proc.time()[[3]]
  sys.source(script, list2env(list(here = folder)))
  cat(sprintf("%-28s %5.1f s\n", basename(folder), proc.time()[[3]] - started))
}
if (!length(wanted)) writeLines(grep("^(BLAS|LAPACK|Matrix)", capture.output(print(sessionInfo())), invert = TRUE, value = TRUE),
  file.path(ORACLE, "sessionInfo.txt"))
