"""The blocks of the audit.  They know the instance, the tree and the plan tables, and nothing of how a plan was found."""
