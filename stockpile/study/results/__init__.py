"""The runs of a batch, or plans beside each other, as tables that can be asked."""
