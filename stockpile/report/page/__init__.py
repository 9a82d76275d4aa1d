"""The report: one HTML file about one plan or several, complete without a network."""
