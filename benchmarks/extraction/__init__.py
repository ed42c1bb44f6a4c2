"""The extraction engine beside its peers on the corpus: quality, CPU, memory."""
