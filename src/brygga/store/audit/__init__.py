"""The audit trail: told in the transaction of the change, chained by hashes, pruned as the law allows."""
