# Answers from a seed: one or more normal factors behind each item, cut into categories at given shares.
#
#   n         rows
#   loadings  one row an item, one column a factor (a vector is one factor)
#   shares    a matrix, one row an item: the share of each category from the lowest up
#   factors   factor scores, n x columns of loadings; drawn where not given
ordinal_answers <- function(n, loadings, shares, factors = NULL, names = paste0("U", seq_len(nrow(shares)))) {
  loadings <- as.matrix(loadings)
  if (is.null(factors)) factors <- matrix(rnorm(n * ncol(loadings)), n)
  own <- sqrt(pmax(0, 1 - rowSums(loadings^2)))
  latent <- factors %*% t(loadings) + matrix(rnorm(n * nrow(shares)), n) * rep(own, each = n)
  out <- sapply(seq_len(nrow(shares)), function(j) {
    cuts <- qnorm(cumsum(shares[j, ] / sum(shares[j, ])))[-ncol(shares)]
    1 + rowSums(outer(latent[, j], cuts, ">"))
  })
  out <- as.data.frame(out)
  setNames(out, names)
}
shares <- function(...) do.call(rbind, list(...))
# Nine items in the middle of a four-point scale, as most of the small sets have them.
NINE <- paste0("U", 1:9)
MIDDLE <- shares(c(.12, .34, .36, .18), c(.10, .34, .40, .16), c(.08, .28, .44, .20), c(.14, .36, .35, .15), c(.18, .36, .37, .09),
  c(.24, .42, .25, .09), c(.25, .39, .27, .09), c(.26, .40, .26, .08), c(.14, .33, .39, .14))
LOADINGS <- c(.82, .80, .76, .78, .64, .66, .45, .62, .64)
# Pairs of items that share something more than the one factor, so that one factor does not fit all too well.
two_and_pairs <- cbind(LOADINGS, c(.25, .25, 0, 0, 0, 0, 0, 0, 0), c(0, 0, 0, .30, 0, 0, 0, 0, .30), c(0, 0, 0, 0, 0, .35, .35, 0, 0))
# Nine items alike: one factor, one loading, the same cuts.
alike_answers <- function(n, loading = 0.7, cuts = c(-1.8, -1.0, 0.3)) {
  latent <- matrix(loading * rep(rnorm(n), 9) + sqrt(1 - loading^2) * rnorm(n * 9), n, 9)
  setNames(as.data.frame(1 + (latent > cuts[1]) + (latent > cuts[2]) + (latent > cuts[3])), NINE)
}
