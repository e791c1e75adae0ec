# psych's alpha and item statistics, unit by unit: what an R user would run. Prints seconds and each alpha.
suppressPackageStartupMessages(library(psych))
args <- commandArgs(trailingOnly = TRUE)
answers <- read.csv(args[1])
began <- proc.time()
units <- split(answers[, -1], answers$unit)
found <- vapply(units, function(one) suppressWarnings(suppressMessages(
  alpha(one, check.keys = FALSE, warnings = FALSE)$total$raw_alpha)), numeric(1))
spent <- proc.time() - began
cat(sprintf("seconds %.3f\n", spent[["user.self"]] + spent[["sys.self"]]))
cat(sprintf("%s %.12f\n", names(found), found), sep = "")
