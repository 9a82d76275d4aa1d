"""The truth by other means: every discrete assignment listed, the rest a linear program of cohorts and vintages."""
