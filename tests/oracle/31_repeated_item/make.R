# U9 repeats U8 exactly: the correlation matrix is singular. Factor results are those of U1-U8;
# all_items holds what R does with all nine.
seed(31)
x <- alike_answers(300); x$U9 <- x$U8
write_data(here, x)
eight <- x[1:8]
found <- everything(x); found$all_items <- found[c("efa_pearson", "polychoric", "cfa")]
found[c("efa_pearson", "polychoric", "cfa")] <- factor_statistics(eight)
write_results(here, found, list(items = NINE, simulated = TRUE, source = "seed 31: one factor, loadings .7, n = 300; U9 repeats U8"))
